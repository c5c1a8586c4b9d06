import { Type } from "typebox";
import { bytesToHex, hexToBytes } from "../crypto/hex.ts";
import { encodeUtf8 } from "../crypto/utf8.ts";
import { Hash, Integer, List } from "../schema/types.ts";
import type { KeyValueStore, Write } from "../store/kv.ts";
import { defineCollection } from "./collection.ts";
import type { ReadContext, WriteContext } from "./context.ts";

/**
 * Every body executes once: its hash is remembered until it has expired. The hashes lie beside the state tree, one record each; the tree
 * holds one running hash per minute of expiry, so that the app hash commits to the window without growing by a leaf per transaction.
 */
const MINUTE_MS = 60_000;
const RECORD_PREFIX = "x";
/** Bodies known to be absent from the disk; a full pool's worth. */
const MAX_ABSENT = 20_000;

const Minute = Integer(0, 4_222_124_650_659);
const Minutes = Type.Object({ minutes: List(Minute, { maxItems: 128 }) });
const Accumulator = Type.Object({ accumulator: Hash });
/** `ledger/replay/<minute>` -> running hash over the bodies that expire in that minute. */
const accumulators = defineCollection<[minute: number], typeof Accumulator>("ledger/replay", Accumulator);
/** `ledger/replay-minutes/current` -> minutes that have an accumulator, ascending. */
const minutesInUse = defineCollection<["current"], typeof Minutes>("ledger/replay-minutes", Minutes);

/** The identity of an executed transaction and how long it must be remembered. */
export interface Executed {
  readonly bodyHash: string;
  readonly expiresAt: number;
}

export interface ReplayWindow {
  has(executed: Executed): boolean;
  /** Adds a block's transactions to the window and to the state; the writes go into the block's commit. */
  stage(context: WriteContext, executed: readonly Executed[]): Write[];
  /** The writes staged up to this height are durable. */
  settled(height: number): void;
}

const minuteOf = (expiresAt: number) => Math.floor(expiresAt / MINUTE_MS);

/** Key of a remembered body beside the state. */
export function replayRecordKey({ bodyHash, expiresAt }: Executed): Uint8Array {
  return encodeUtf8(`${RECORD_PREFIX}${minuteOf(expiresAt).toString(16).padStart(14, "0")}/${bodyHash}`)!;
}

/** Opens the window over the records in `kv`. */
export function openReplayWindow(kv: KeyValueStore): ReplayWindow {
  const unsettled = new Map<string, number>();
  /** What the disk was asked for on arrival need not be asked again in the block: only `stage` adds to the window. */
  const absent = new Set<string>();
  return {
    has(executed) {
      if (unsettled.has(executed.bodyHash)) return true;
      if (absent.has(executed.bodyHash)) return false;
      if (kv.get(replayRecordKey(executed)) !== undefined) return true;
      if (absent.size >= MAX_ABSENT) absent.clear();
      absent.add(executed.bodyHash);
      return false;
    },
    stage(context, executed) {
      for (const { bodyHash } of executed) {
        unsettled.set(bodyHash, context.height);
        absent.delete(bodyHash);
      }
      accumulate(context, executed);
      const height = encodeUtf8(context.height.toString(16))!;
      return executed.map((one) => ({ key: replayRecordKey(one), value: height }));
    },
    settled(height) {
      for (const [bodyHash, stagedAt] of unsettled) {
        if (stagedAt > height) return; // insertion order is height order
        unsettled.delete(bodyHash);
      }
    },
  };
}

/** Extends the running hashes by one block's transactions and drops the minutes that have passed. */
function accumulate(context: WriteContext, executed: readonly Executed[]): void {
  const known = minutesInUse.get(context, "current")?.minutes ?? [];
  const alive = known.filter((minute) => (minute + 1) * MINUTE_MS > context.time);
  for (const minute of known) if (!alive.includes(minute)) accumulators.delete(context, minute);

  const byMinute = Map.groupBy(executed, ({ expiresAt }) => minuteOf(expiresAt));
  for (const [minute, ones] of byMinute) {
    const before = accumulators.get(context, minute)?.accumulator;
    accumulators.set(context, minute, {
      accumulator: extend(
        context,
        before,
        ones.map((one) => one.bodyHash),
      ),
    });
  }

  const minutes = [...new Set([...alive, ...byMinute.keys()])].sort((a, b) => a - b);
  if (minutes.length !== known.length || minutes.some((minute, i) => minute !== known[i]))
    minutesInUse.set(context, "current", { minutes });
}

/** SHA-256(before ‖ the block's body hashes, sorted); `before` is 32 zero bytes at first. */
function extend({ crypto }: Pick<ReadContext, "crypto">, before: string | undefined, bodyHashes: readonly string[]): string {
  const sorted = [...bodyHashes].sort((a, b) => (a < b ? -1 : 1));
  const bytes = new Uint8Array(32 * (sorted.length + 1));
  if (before) bytes.set(hexToBytes(before)!);
  for (const [i, hash] of sorted.entries()) bytes.set(hexToBytes(hash)!, 32 * (i + 1));
  return bytesToHex(crypto.sha256(bytes));
}

/** Ranges of `kv` that hold the window, for snapshots. */
export const replayRange = { gte: encodeUtf8(RECORD_PREFIX)!, lt: encodeUtf8("y")! };

/** Recomputes the running hashes from restored records and compares them with the state. Throws Error when the window was tampered with. */
export async function assertReplayWindow(context: ReadContext, kv: KeyValueStore): Promise<void> {
  for (const minute of minutesInUse.get(context, "current")?.minutes ?? []) {
    const blocks = await bodiesByHeight(kv, minute);
    let accumulator: string | undefined;
    for (const height of [...blocks.keys()].sort((a, b) => a - b)) accumulator = extend(context, accumulator, blocks.get(height)!);
    if (accumulator !== accumulators.get(context, minute)?.accumulator)
      throw new Error(`the replay window of minute ${minute} does not match the state`);
  }
}

async function bodiesByHeight(kv: KeyValueStore, minute: number): Promise<Map<number, string[]>> {
  const gte = replayRecordKey({ bodyHash: "", expiresAt: minute * MINUTE_MS });
  const lt = gte.slice();
  lt[lt.length - 1]! += 1;
  const blocks = new Map<number, string[]>();
  for await (const [key, value] of kv.range({ gte, lt })) {
    const height = Number.parseInt(String.fromCharCode(...value), 16);
    const bodyHash = String.fromCharCode(...key.subarray(gte.length));
    blocks.set(height, [...(blocks.get(height) ?? []), bodyHash]);
  }
  return blocks;
}
