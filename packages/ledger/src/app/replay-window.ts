import { Type } from "typebox";
import { concatBytes, equalBytes } from "../crypto/bytes.ts";
import { bytesToHex, hexToBytes } from "../crypto/hex.ts";
import { encodeUtf8 } from "../crypto/utf8.ts";
import { Hash, Integer, List } from "../schema/types.ts";
import { deleteRange } from "../store/delete-range.ts";
import type { KeyValueStore, Write } from "../store/kv.ts";
import { StoreError } from "../store/store-error.ts";
import { defineCollection } from "./collection.ts";
import type { ReadContext, WriteContext } from "./context.ts";
import { createReplayFilter, type ReplayFilter } from "./replay-filter.ts";

/**
 * Every body executes once: its hash is remembered until it has expired. The hashes lie beside the state tree, one record each; the tree
 * holds one running hash per minute of expiry, so that the app hash commits to the window without growing by a leaf per transaction.
 */
const MINUTE_MS = 60_000;
const RECORD_PREFIX = "x";
/** Prefix, minute in 14 digits, a slash, a hash in 64. */
const RECORD_KEY_BYTES = 80;
/** Records that an opening reads, the latest first; what was seen in the minutes before is looked up on the disk. */
const MAX_READ_AT_OPENING = 250_000;

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
  /** The height at which a body was executed; undefined if it was not, or has expired and is forgotten. */
  heightOf(executed: Executed): number | undefined;
  /** Adds a block's transactions to the window and to the state; the writes go into the block's commit. */
  stage(context: WriteContext, executed: readonly Executed[]): Write[];
  /** The writes staged up to this height are durable. */
  settled(height: number): void;
}

const minuteOf = (expiresAt: number) => Math.floor(expiresAt / MINUTE_MS);

/** What the keys of all bodies of a minute begin with. */
function minuteKey(minute: number): Uint8Array {
  return encodeUtf8(`${RECORD_PREFIX}${minute.toString(16).padStart(14, "0")}/`)!;
}

/** Key of a remembered body beside the state. */
export function replayRecordKey({ bodyHash, expiresAt }: Executed): Uint8Array {
  return concatBytes([minuteKey(minuteOf(expiresAt)), encodeUtf8(bodyHash)!]);
}

/** The records of one block's bodies, side by side: a piece of memory for each would be most of what they cost. */
function recordWrites(height: number, executed: readonly Executed[]): Write[] {
  const value = heightValue(height);
  const bytes = new Uint8Array(RECORD_KEY_BYTES * executed.length);
  let minute = -1;
  let prefix: Uint8Array = new Uint8Array(0);
  return executed.map(({ bodyHash, expiresAt }, i) => {
    if (minuteOf(expiresAt) !== minute) {
      minute = minuteOf(expiresAt);
      prefix = minuteKey(minute);
    }
    const key = bytes.subarray(RECORD_KEY_BYTES * i, RECORD_KEY_BYTES * (i + 1));
    key.set(prefix);
    for (let digit = 0; digit < bodyHash.length; digit++) key[prefix.length + digit] = bodyHash.charCodeAt(digit);
    return { key, value };
  });
}

function heightValue(height: number): Uint8Array {
  return encodeUtf8(height.toString(16))!;
}

function recordedHeight(value: Uint8Array | undefined): number | undefined {
  return value && Number.parseInt(String.fromCharCode(...value), 16);
}

/** Opens the window over the records in `kv`, which hold all bodies that expire after `time`, milliseconds since 1970. */
export async function openReplayWindow(kv: KeyValueStore, time: number, maxRead = MAX_READ_AT_OPENING): Promise<ReplayWindow> {
  const filter = await readFilter(kv, minuteOf(time), maxRead);
  const unsettled = new Map<string, number>();
  return {
    heightOf(executed) {
      if (!filter.mayHold(minuteOf(executed.expiresAt), executed.bodyHash)) return undefined;
      return unsettled.get(executed.bodyHash) ?? recordedHeight(kv.get(replayRecordKey(executed)));
    },
    stage(context, executed) {
      for (const { bodyHash, expiresAt } of executed) {
        unsettled.set(bodyHash, context.height);
        filter.add(minuteOf(expiresAt), bodyHash);
      }
      filter.forgetBefore(minuteOf(context.time));
      accumulate(context, executed);
      return recordWrites(context.height, executed);
    },
    settled(height) {
      for (const [bodyHash, stagedAt] of unsettled) {
        if (stagedAt > height) return; // insertion order is height order
        unsettled.delete(bodyHash);
      }
    },
  };
}

async function readFilter(kv: KeyValueStore, firstMinute: number, maxRead: number): Promise<ReplayFilter> {
  const filter = createReplayFilter(firstMinute);
  let [read, minute] = [0, firstMinute];
  for await (const [key] of kv.range({ gte: minuteKey(firstMinute), lt: replayRange.lt, reverse: true, limit: maxRead })) {
    const record = String.fromCharCode(...key);
    minute = Number.parseInt(record.slice(RECORD_PREFIX.length), 16);
    filter.add(minute, record.slice(minuteKey(minute).length));
    read += 1;
  }
  if (read === maxRead) filter.forgetBefore(minute + 1); // of the last one perhaps not all was read
  return filter;
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

/** Deletes the records of bodies that had expired by `time`, milliseconds since 1970: their expiry refuses them by itself. Returns how many. */
export function sweepReplayWindow(kv: KeyValueStore, time: number): Promise<number> {
  return deleteRange(kv, { gte: replayRange.gte, lt: minuteKey(minuteOf(time)) });
}

/** Ranges of `kv` that hold the window, for snapshots. */
export const replayRange = { gte: encodeUtf8(RECORD_PREFIX)!, lt: encodeUtf8("y")! };

/** Of these, what a block at `time` or later can still need: the same on every node, whenever each of them sweeps. */
export function liveReplayRange(time: number): { readonly gte: Uint8Array; readonly lt: Uint8Array } {
  return { gte: minuteKey(minuteOf(time)), lt: replayRange.lt };
}

/** Recomputes the running hashes from restored records and compares them with the state. Throws StoreError SnapshotInvalid when the window was tampered with. */
export async function assertReplayWindow(context: ReadContext, kv: KeyValueStore): Promise<void> {
  const inUse = minutesInUse.get(context, "current")?.minutes ?? [];
  const found = await bodiesByMinute(context, kv);
  // A record in a minute that no transaction has used yet would later refuse here, and only here, what all others execute.
  for (const minute of new Set([...inUse, ...found.keys()])) {
    const blocks = found.get(minute) ?? new Map<number, string[]>();
    let accumulator: string | undefined;
    for (const height of [...blocks.keys()].sort((a, b) => a - b)) accumulator = extend(context, accumulator, blocks.get(height)!);
    if (!inUse.includes(minute) || accumulator !== accumulators.get(context, minute)?.accumulator)
      throw new StoreError("SnapshotInvalid", `the replay window of minute ${minute} does not match the state`);
  }
}

const RECORD = new RegExp(`^${RECORD_PREFIX}([0-9a-f]{14})/([0-9a-f]{64})$`);

/** The bodies that expire at `time` or later, by minute and by the height that executed them, which none of them has beyond `height`. */
async function bodiesByMinute(
  { height: last, time }: Pick<ReadContext, "height" | "time">,
  kv: KeyValueStore,
): Promise<Map<number, Map<number, string[]>>> {
  const found = new Map<number, Map<number, string[]>>();
  for await (const [key, value] of kv.range({ gte: minuteKey(minuteOf(time)), lt: replayRange.lt })) {
    const [, digits, bodyHash] = RECORD.exec(String.fromCharCode(...key)) ?? [];
    const height = recordedHeight(value)!;
    // The running hashes tell the order of the heights only.
    const isHeight = equalBytes(value, heightValue(height)) && height >= 1 && height <= last;
    if (digits === undefined || bodyHash === undefined || !isHeight)
      throw new StoreError("SnapshotInvalid", "the replay window holds what is no record of it");
    const minute = Number.parseInt(digits, 16);
    const blocks = found.get(minute) ?? new Map<number, string[]>();
    found.set(minute, blocks.set(height, [...(blocks.get(height) ?? []), bodyHash]));
  }
  return found;
}
