import type { CryptoProvider } from "../crypto/provider.ts";
import type { KeyValueStore, RecordWrite } from "./kv.ts";
import { HASH_BYTES, MAX_STATE_KEY_LENGTH, writeStateKey } from "./state-hash.ts";
import { StoreError } from "./store-error.ts";

/**
 * How the state lies in the key-value store: the head under "s", each value under "s" ‖ its key, the tree's buckets in the log (see
 * `tree/bucket-log.ts`). Records that begin otherwise belong to others. One range over "s…" thus reads a height with all its values.
 */
const VALUE_PREFIX = 0x73;
export const HEAD_KEY: Uint8Array = Uint8Array.of(VALUE_PREFIX);
/** All values: no state key begins below the space. */
export const VALUES = { gte: Uint8Array.of(VALUE_PREFIX, 0x20), lt: Uint8Array.of(VALUE_PREFIX + 1) };

/** What the store holds: format (1 byte) ‖ height (8) ‖ number of keys (8) ‖ root (32) ‖ beginning and end of the log (8 each), numbers big endian. */
export interface StateHead {
  readonly height: number;
  readonly keyCount: number;
  readonly root: Uint8Array;
  /** Whether the log has short values with the leaves of the tree. */
  readonly keepsValues: boolean;
  /** Where the tree's buckets are; undefined in a store of the format before, which had them among the records. */
  readonly log: LogRange | undefined;
}

/** Positions in bytes. */
export interface LogRange {
  readonly from: number;
  readonly end: number;
}

const FORMAT = 2;
/** The same with short values in the log. */
const FORMAT_WITH_VALUES = 3;
/** Its head ends with the root, its tree is in records under "t" and "u". */
const FORMAT_WITHOUT_LOG = 1;
export const RECORDS_WITHOUT_LOG = { gte: Uint8Array.of(0x74), lt: Uint8Array.of(0x76) };
/** Stands in place of the format while a snapshot is restored. */
const RESTORING = 0xff;
const ROOT_AT = 17;
const LOG_AT = ROOT_AT + HASH_BYTES;
const HEAD_BYTES = LOG_AT + 16;

export function headWrite({ height, keyCount, root, keepsValues, log }: StateHead & { readonly log: LogRange }): RecordWrite {
  const value = new Uint8Array(HEAD_BYTES);
  const view = new DataView(value.buffer);
  value[0] = keepsValues ? FORMAT_WITH_VALUES : FORMAT;
  view.setBigUint64(1, BigInt(height));
  view.setBigUint64(9, BigInt(keyCount));
  value.set(root, ROOT_AT);
  view.setBigUint64(LOG_AT, BigInt(log.from));
  view.setBigUint64(LOG_AT + 8, BigInt(log.end));
  return { key: HEAD_KEY, value };
}

/** Makes the store refuse to open until another head is written. */
export function restoringWrite(): RecordWrite {
  return { key: HEAD_KEY, value: Uint8Array.of(RESTORING) };
}

/** Whether the store holds a state, other than one whose restoring was interrupted. */
export function holdsState(kv: Pick<KeyValueStore, "get">): boolean {
  const bytes = kv.get(HEAD_KEY);
  return bytes !== undefined && bytes[0] !== RESTORING;
}

/** Height of the block after which the state stands; 0 in an empty store. Throws as `readHead`. */
export function stateHeight(kv: Pick<KeyValueStore, "get">): number {
  const bytes = kv.get(HEAD_KEY);
  return bytes === undefined ? 0 : readHead(bytes).height;
}

/** Throws StoreError RestoreUnfinished, FormatUnknown or StateCorrupt. */
export function readHead(bytes: Uint8Array): StateHead {
  if (bytes[0] === RESTORING) {
    throw new StoreError(
      "RestoreUnfinished",
      "a snapshot was being restored into this store and did not finish; delete the store and restore again",
    );
  }
  const keepsValues = bytes[0] === FORMAT_WITH_VALUES;
  const hasLog = bytes[0] === FORMAT || keepsValues;
  if (!hasLog && bytes[0] !== FORMAT_WITHOUT_LOG) {
    throw new StoreError(
      "FormatUnknown",
      `the store has format ${bytes[0]}, this program reads formats up to ${FORMAT_WITH_VALUES}; use the version that wrote it`,
    );
  }
  if (bytes.length !== (hasLog ? HEAD_BYTES : LOG_AT))
    throw new StoreError("StateCorrupt", "the head of the state is damaged; restore this node from a snapshot");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const numberAt = (at: number) => Number(view.getBigUint64(at));
  return {
    height: numberAt(1),
    keyCount: numberAt(9),
    root: bytes.slice(ROOT_AT, LOG_AT),
    keepsValues,
    log: hasLog ? { from: numberAt(LOG_AT), end: numberAt(LOG_AT + 8) } : undefined,
  };
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
  const path = new Uint8Array(HASH_BYTES);
  writePath(crypto, valueKeyBytes, path, 0);
  return path;
}

/** Writes `pathOf` from `at` on. */
export function writePath(crypto: CryptoProvider, valueKeyBytes: Uint8Array, target: Uint8Array, at: number): void {
  crypto.sha256Into(valueKeyBytes.subarray(1), target, at);
}
