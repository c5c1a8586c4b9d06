import { hexDigit } from "../crypto/hex.ts";

/** Tells for most bodies that a minute of the replay window cannot hold them. A yes may be wrong and is for the records to decide. */
export interface ReplayFilter {
  mayHold(minute: number, bodyHash: string): boolean;
  add(minute: number, bodyHash: string): void;
  /** Gives up the minutes before this one; about them every answer is yes from now on. */
  forgetBefore(minute: number): void;
}

/**
 * 1 MiB for each minute in use, of which there are at most as many as a transaction may live, and pages that no body touched cost nothing. At
 * 720,000 bodies in a minute (12,000 a second) one answer in 140 is a wrong yes.
 */
const FILTER_BYTES = 2 ** 20;
/** Characters of a body's hash that choose one bit, and how many bits stand for a body. A hash needs no hashing. */
const PROBE_DIGITS = 8;
const PROBES = 4;

/** An empty filter that knows all bodies of the minutes from `firstMinute` on: a Bloom filter for each of them. */
export function createReplayFilter(firstMinute: number): ReplayFilter {
  const bits = new Map<number, Uint8Array>();
  let knownFrom = firstMinute;
  return {
    mayHold(minute, bodyHash) {
      if (minute < knownFrom) return true;
      const filter = bits.get(minute);
      if (!filter) return false;
      for (let probe = 0; probe < PROBES; probe++) {
        const bit = bitOf(bodyHash, probe);
        if ((filter[bit >>> 3]! & (1 << (bit & 7))) === 0) return false;
      }
      return true;
    },
    add(minute, bodyHash) {
      if (minute < knownFrom) return;
      const filter = bits.get(minute) ?? new Uint8Array(FILTER_BYTES);
      bits.set(minute, filter);
      for (let probe = 0; probe < PROBES; probe++) {
        const bit = bitOf(bodyHash, probe);
        filter[bit >>> 3]! |= 1 << (bit & 7);
      }
    },
    forgetBefore(minute) {
      knownFrom = Math.max(knownFrom, minute);
      for (const known of [...bits.keys()]) if (known < knownFrom) bits.delete(known);
    },
  };
}

function bitOf(bodyHash: string, probe: number): number {
  let value = 0;
  for (let at = PROBE_DIGITS * probe; at < PROBE_DIGITS * (probe + 1); at++) value = (value << 4) | hexDigit(bodyHash.charCodeAt(at));
  return (value >>> 0) % (8 * FILTER_BYTES);
}
