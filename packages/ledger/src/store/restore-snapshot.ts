import { compareBytes, concatBytes } from "../crypto/bytes.ts";
import { bytesToHex } from "../crypto/hex.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { filledState, fillWith, settleFilling, startFilling } from "./fill-tree.ts";
import type { KeyValueStore, Write } from "./kv.ts";
import { RECORD_HEAD_BYTES, type RecordRange, SNAPSHOT_FORMAT, type SnapshotManifest } from "./snapshot.ts";
import { stateKeyBytes } from "./state-hash.ts";
import { headWrite, restoringWrite, VALUES, valueKey } from "./state-head.ts";
import { manyKeys, type StateReader } from "./state-store.ts";
import { StoreError } from "./store-error.ts";
import { createTree } from "./tree/tree.ts";

export interface SnapshotTarget {
  /** An empty store. */
  readonly kv: KeyValueStore;
  readonly crypto: CryptoProvider;
  /** Its root is to be compared with the app hash of a verified header before. */
  readonly manifest: SnapshotManifest;
  /** The ranges that were exported. A record outside them is refused. */
  readonly ranges: readonly RecordRange[];
  /** The chunks of the manifest, in its order. */
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Rejects when the records beside the state, which are all in the store then, do not fit it. The state has the manifest's root. */
  readonly requireRecords?: (state: StateReader) => Promise<void>;
  /** Further records, which are there as soon as the state counts and not before. */
  readonly withState?: (state: StateReader) => readonly Write[];
}

/** Longest value that is taken from a stranger; the chain's own are far below. */
const MAX_VALUE_BYTES = 64 * 2 ** 20;
const CACHE_BYTES = 256 * 2 ** 20;

/**
 * Fills an empty store from a snapshot. It counts once all values have come and give the manifest's root; records beside the state are
 * as the chunks' hashes say, and for `requireRecords` to check. Throws StoreError StoreNotEmpty, FormatUnknown or SnapshotInvalid, or what
 * `requireRecords` rejects with; after that, or when it is interrupted, the store refuses to open and is to be deleted.
 */
export async function restoreSnapshot(target: SnapshotTarget): Promise<void> {
  const { kv, crypto, manifest, ranges, chunks, requireRecords, withState = () => [] } = target;
  if (manifest.format !== SNAPSHOT_FORMAT)
    throw new StoreError("FormatUnknown", `this program restores snapshots of format ${String(SNAPSHOT_FORMAT)} only`);
  for await (const _ of kv.range({ gte: Uint8Array.of(0), lt: Uint8Array.of(0xff), limit: 1 })) {
    throw new StoreError("StoreNotEmpty", "a snapshot is restored into an empty store only; move the data folder away first");
  }
  // What was restored before and cleared again may have left a log.
  await kv.write([restoringWrite(), { dropBefore: Number.MAX_SAFE_INTEGER }]);

  const keepsValues = manifest.keyCount >= manyKeys(CACHE_BYTES);
  const filling = startFilling(createTree({ crypto, cacheBytes: CACHE_BYTES, readLog: kv.readLog, keepsValues, firstPage: 0 }));
  const reader = createRecordReader([VALUES, ...ranges]);
  let index = 0;
  for await (const chunk of chunks) {
    if (bytesToHex(crypto.sha256(chunk)) !== manifest.chunks[index]) throw invalid(`chunk ${index} is not the one of the manifest`);
    index++;
    const { values, others } = reader.read(chunk);
    const { valueWrites, logWrites } = fillWith(filling, values);
    await kv.write([...valueWrites, ...logWrites, ...others]);
    settleFilling(filling);
  }
  if (index !== manifest.chunks.length || !reader.isDone()) throw invalid("chunks are missing at its end");
  const { root, keyCount, log } = filledState(filling);
  if (bytesToHex(root) !== manifest.root || keyCount !== manifest.keyCount) throw invalid("its values do not have the manifest's root");
  const state: StateReader = { get: (key) => kv.get(valueKey(key)) };
  await requireRecords?.(state);
  await kv.write([...withState(state), headWrite({ height: manifest.height, keyCount, root, keepsValues, log })]);
}

interface Records {
  readonly values: Map<string, Uint8Array>;
  readonly others: Write[];
}

interface RecordReader {
  /** The records that end in this chunk. */
  read(chunk: Uint8Array): Records;
  /** True when no record is cut off. */
  isDone(): boolean;
}

function createRecordReader(sections: readonly RecordRange[]): RecordReader {
  let rest = new Uint8Array();
  let section = 0;
  let lastKey = new Uint8Array();
  const accept = (key: Uint8Array) => {
    const next = sections.findIndex(({ gte, lt }) => compareBytes(key, gte) >= 0 && compareBytes(key, lt) < 0);
    if (next < section || (next === section && compareBytes(key, lastKey) <= 0))
      throw invalid("its records are out of order or not part of it");
    section = next;
    lastKey = key.slice();
  };
  return {
    read(chunk) {
      const bytes = concatBytes([rest, chunk]);
      const records: Records = { values: new Map(), others: [] };
      let at = 0;
      for (let end = recordEnd(bytes, at); end !== undefined && end <= bytes.length; end = recordEnd(bytes, at)) {
        const keyEnd = at + RECORD_HEAD_BYTES + ((bytes[at]! << 8) | bytes[at + 1]!);
        const key = bytes.subarray(at + RECORD_HEAD_BYTES, keyEnd);
        const value = bytes.subarray(keyEnd, end);
        accept(key);
        if (section === 0) records.values.set(stateKeyOf(key), value);
        else records.others.push({ key, value });
        at = end;
      }
      rest = bytes.slice(at);
      return records;
    },
    isDone: () => rest.length === 0,
  };
}

/** Where the record that begins at `at` ends, undefined while its lengths are not all there. */
function recordEnd(bytes: Uint8Array, at: number): number | undefined {
  if (bytes.length - at < RECORD_HEAD_BYTES) return undefined;
  const lengths = new DataView(bytes.buffer, bytes.byteOffset + at);
  const valueBytes = lengths.getUint32(2);
  if (valueBytes > MAX_VALUE_BYTES) throw invalid(`it has a value of ${valueBytes} bytes`);
  return at + RECORD_HEAD_BYTES + lengths.getUint16(0) + valueBytes;
}

function stateKeyOf(valueKey: Uint8Array): string {
  const key = String.fromCharCode(...valueKey.subarray(1));
  if (stateKeyBytes(key) === undefined) throw invalid("it has a state key that is not printable ASCII");
  return key;
}

function invalid(reason: string): StoreError {
  return new StoreError(
    "SnapshotInvalid",
    `this snapshot cannot be used: ${reason}; delete the store and take a snapshot from another node`,
  );
}
