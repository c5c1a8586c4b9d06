import { concatBytes } from "../crypto/bytes.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import type { KeyValueStore, Write } from "./kv.ts";
import { HASH_BYTES, MAX_STATE_KEY_LENGTH, writeStateKey } from "./state-hash.ts";
import { StoreError } from "./store-error.ts";

/**
 * How the state lies in the key-value store: the head under "s", each value under "s" ‖ its key, the tree's buckets under "t" (see
 * `tree/bucket-record.ts`), their summary under "u" (`tree/summary.ts`). Records that begin otherwise belong to others. One range over "s…" thus reads a height with all its values.
 */
const VALUE_PREFIX = 0x73;
export const HEAD_KEY: Uint8Array = Uint8Array.of(VALUE_PREFIX);
/** All values: no state key begins below the space. */
export const VALUES = { gte: Uint8Array.of(VALUE_PREFIX, 0x20), lt: Uint8Array.of(VALUE_PREFIX + 1) };

/** What the store holds: format (1 byte) ‖ height (8) ‖ number of keys (8) ‖ root (32), numbers big endian. */
export interface StateHead {
  readonly height: number;
  readonly keyCount: number;
  readonly root: Uint8Array;
}

const FORMAT = 1;
/** Stands in place of the format while a snapshot is restored. */
const RESTORING = 0xff;
const HEAD_BYTES = 17 + HASH_BYTES;

export function headWrite({ height, keyCount, root }: StateHead): Write {
  const numbers = new Uint8Array(17);
  numbers[0] = FORMAT;
  const view = new DataView(numbers.buffer);
  view.setBigUint64(1, BigInt(height));
  view.setBigUint64(9, BigInt(keyCount));
  return { key: HEAD_KEY, value: concatBytes([numbers, root]) };
}

/** Makes the store refuse to open until another head is written. */
export function restoringWrite(): Write {
  return { key: HEAD_KEY, value: Uint8Array.of(RESTORING) };
}

/** Whether the store holds a state, other than one whose restoring was interrupted. */
export function holdsState(kv: Pick<KeyValueStore, "get">): boolean {
  const bytes = kv.get(HEAD_KEY);
  return bytes !== undefined && bytes[0] !== RESTORING;
}

/** Throws StoreError RestoreUnfinished, FormatUnknown or StateCorrupt. */
export function readHead(bytes: Uint8Array): StateHead {
  if (bytes[0] === RESTORING) {
    throw new StoreError(
      "RestoreUnfinished",
      "a snapshot was being restored into this store and did not finish; delete the store and restore again",
    );
  }
  if (bytes[0] !== FORMAT) {
    throw new StoreError(
      "FormatUnknown",
      `the store has format ${bytes[0]}, this program reads format ${FORMAT}; use the version that wrote it`,
    );
  }
  if (bytes.length !== HEAD_BYTES)
    throw new StoreError("StateCorrupt", "the head of the state is damaged; restore this node from a snapshot");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { height: Number(view.getBigUint64(1)), keyCount: Number(view.getBigUint64(9)), root: bytes.slice(17) };
}

/** The key under which the value of a state key lies. Throws RangeError on a text that is no state key. */
export function valueKey(key: string): Uint8Array {
  const bytes = new Uint8Array(1 + key.length);
  writeValueKey(key, bytes, 0);
  return bytes;
}

/** Writes `valueKey` from `at` on, one byte more than the key has characters. Throws RangeError likewise. */
export function writeValueKey(key: string, target: Uint8Array, at: number): void {
  target[at] = VALUE_PREFIX;
  if (!writeStateKey(key, target, at + 1))
    throw new RangeError(`a state key is 1 to ${MAX_STATE_KEY_LENGTH} printable ASCII characters, not ${JSON.stringify(key)}`);
}

/** The place of a state key in the tree: SHA-256 of its characters. Throws RangeError likewise. */
export function pathOf(crypto: CryptoProvider, valueKeyBytes: Uint8Array): Uint8Array {
  return crypto.sha256(valueKeyBytes.subarray(1));
}
