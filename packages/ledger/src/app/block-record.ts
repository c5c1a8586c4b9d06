import { encodeUtf8 } from "../crypto/utf8.ts";
import type { KeyValueStore, Write } from "../store/kv.ts";

/** Beside the state, not in it: a block without effect must leave the app hash as it was. */
const BLOCK_TIME_KEY = encodeUtf8("m/block-time")!;

/** Time of the last durable block, milliseconds since 1970. */
export function readBlockTime(kv: KeyValueStore): number | undefined {
  const value = kv.get(BLOCK_TIME_KEY);
  return value && Number.parseInt(String.fromCharCode(...value), 16);
}

export function writeBlockTime(time: number): Write {
  return { key: BLOCK_TIME_KEY, value: encodeUtf8(time.toString(16))! };
}

/** Ranges of bookkeeping beside the state, for snapshots. */
export const bookkeepingRange = { gte: encodeUtf8("m/")!, lt: encodeUtf8("m0")! };
