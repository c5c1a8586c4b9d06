import type { PreparedTransaction } from "../tx/prepare.ts";

/** Transactions decoded and verified on arrival, kept until their block, so that each signature is verified once. */
export interface TransactionCache {
  /** The decoded transaction, or VERIFIED when only that is known of it. */
  get(bytes: Uint8Array): PreparedTransaction | typeof VERIFIED | undefined;
  /** Keeps it; the older half of a full cache goes. */
  add(prepared: PreparedTransaction): PreparedTransaction;
  /** Keeps of one only that its signatures are right: it has executed, and is read again only when that was in vain. */
  reduce(bytes: Uint8Array): void;
  /** Forgets one: its block has executed. Kept any longer, decoded transactions would be most of what the collector walks. */
  forget(bytes: Uint8Array): void;
  clear(): void;
}

/** Stands for a transaction whose signatures are right. */
export const VERIFIED = "verified";

/** Bytes of transactions in one of the two halves: several full blocks; decoded they take about four times as much. */
const HALF_BYTES = 16_777_216;

/**
 * Keyed by the identity of the byte array: the pool hands the same array to the block. Bytes that arrive anew, with the same content or not,
 * are simply decoded again; the cache is an economy, never a verdict of its own.
 */
export function createTransactionCache(halfBytes = HALF_BYTES): TransactionCache {
  let young = new Map<Uint8Array, PreparedTransaction | typeof VERIFIED>();
  let old = new Map<Uint8Array, PreparedTransaction | typeof VERIFIED>();
  let youngBytes = 0;
  return {
    get: (bytes) => young.get(bytes) ?? old.get(bytes),
    add(prepared) {
      if (youngBytes + prepared.bytes.length > halfBytes) {
        old = young;
        young = new Map();
        youngBytes = 0;
      }
      young.set(prepared.bytes, prepared);
      youngBytes += prepared.bytes.length;
      return prepared;
    },
    reduce(bytes) {
      if (young.has(bytes)) young.set(bytes, VERIFIED);
      else if (old.has(bytes)) old.set(bytes, VERIFIED);
    },
    forget(bytes) {
      if (young.delete(bytes)) youngBytes -= bytes.length;
      else old.delete(bytes);
    },
    clear() {
      young = new Map();
      old = new Map();
      youngBytes = 0;
    },
  };
}
