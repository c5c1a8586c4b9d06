import { encodeUtf8 } from "../crypto/utf8.ts";
import type { KeyValueStore, Write } from "../store/kv.ts";
import { StoreError } from "../store/store-error.ts";

/** Beside the state, not in it: a block without effect must leave the app hash as it was. */
export const BLOCK_TIME_KEY = encodeUtf8("m/block-time")!;

/** As many digits as a safe integer has. */
const BLOCK_TIME = /^(?:0|[1-9a-f][0-9a-f]{0,13})$/;

/** Time of the last durable block, milliseconds since 1970. Throws StoreError StateCorrupt when the record is not one that `writeBlockTime` makes. */
export function readBlockTime(kv: Pick<KeyValueStore, "get">): number | undefined {
  const value = kv.get(BLOCK_TIME_KEY);
  if (!value) return undefined;
  const text = String.fromCharCode(...value);
  const time = Number.parseInt(text, 16);
  if (!BLOCK_TIME.test(text) || !Number.isSafeInteger(time))
    throw new StoreError("StateCorrupt", "the time of the last block is damaged; restore a backup");
  return time;
}

export function writeBlockTime(time: number): Write {
  return { key: BLOCK_TIME_KEY, value: encodeUtf8(time.toString(16))! };
}

/** Ranges of bookkeeping beside the state, for snapshots. */
export const bookkeepingRange = { gte: encodeUtf8("m/")!, lt: encodeUtf8("m0")! };
