import { equalBytes } from "../crypto/bytes.ts";
import { bytesToHex } from "../crypto/hex.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import type { KeyValueStore, RangeOptions } from "./kv.ts";
import { HEAD_KEY, readHead, type StateHead, VALUES } from "./state-head.ts";
import { StoreError } from "./store-error.ts";

/**
 * A snapshot is what a node needs to begin at some height: the state's values and the records that others keep beside them. Its bytes
 * follow from these alone, in key order, so all nodes at one height offer the same chunks.
 *
 *     record   length of key (2 bytes, big endian) ‖ length of value (4) ‖ key ‖ value
 *     stream   the state's values (key "s" ‖ state key), then the records of each further range in turn
 *     chunk    the next 8 MiB of the stream, the last one less
 */
export interface SnapshotManifest {
  readonly format: 1;
  readonly height: number;
  readonly keyCount: number;
  /** Root of the state, hex. */
  readonly root: string;
  /** SHA-256 of each chunk, hex. */
  readonly chunks: readonly string[];
}

export const SNAPSHOT_FORMAT = 1;

/** Below what one ABCI message or HTTP answer carries comfortably. */
export const CHUNK_BYTES = 8 * 2 ** 20;

export const RECORD_HEAD_BYTES = 6;

/** Records beside the state. Ranges overlap neither each other nor the state's own keys ("s…", "t…"). */
export type RecordRange = Pick<RangeOptions, "gte" | "lt">;

export interface SnapshotSource {
  readonly kv: KeyValueStore;
  readonly crypto: CryptoProvider;
  /** The height that is meant, which must be the one on disk at the call. */
  readonly height: number;
  /** What belongs to the snapshot beside the state, written in the same batches as the state. */
  readonly ranges: readonly RecordRange[];
  /** Takes the chunks one after the other. */
  readonly keep: (chunk: Uint8Array, index: number) => Promise<void>;
}

/**
 * Makes the snapshot of the height that is on disk at the moment of the call; blocks may go on being staged and written meanwhile. Throws
 * StoreError SnapshotHeightPassed when another height is on disk: call it before the write of the next block begins; StateCorrupt when values are missing there.
 */
export async function exportSnapshot({ kv, crypto, height, ranges, keep }: SnapshotSource): Promise<SnapshotManifest> {
  const { head, views } = openViews(kv, ranges);
  if (head.height !== height) {
    await Promise.all(views.map(closeView));
    throw new StoreError("SnapshotHeightPassed", `height ${head.height} is on disk, not ${height}; take the snapshot between two writes`);
  }
  const chunks: string[] = [];
  try {
    for await (const chunk of cut(recordsOf(views, head))) {
      await keep(chunk, chunks.length);
      chunks.push(bytesToHex(crypto.sha256(chunk)));
    }
  } finally {
    await Promise.all(views.map(closeView)); // where it broke off; one that was read to its end stays there
  }
  return { format: SNAPSHOT_FORMAT, height, keyCount: head.keyCount, root: bytesToHex(head.root), chunks };
}

type View = AsyncIterable<readonly [key: Uint8Array, value: Uint8Array]>;

/**
 * Views of all ranges at one height. Each is of the moment of its call, and every block writes the head: when that is the same before
 * and after the calls, no block came in between.
 */
function openViews(kv: KeyValueStore, ranges: readonly RecordRange[]): { readonly head: StateHead; readonly views: readonly View[] } {
  for (;;) {
    const before = kv.get(HEAD_KEY);
    if (before === undefined) throw new StoreError("SnapshotHeightPassed", "the store holds no state yet");
    const views = [VALUES, ...ranges].map((range) => kv.range(range));
    if (equalBytes(before, kv.get(HEAD_KEY)!)) return { head: readHead(before), views };
    void Promise.all(views.map(closeView));
  }
}

/** A view that was not begun holds on to its version of the disk; beginning and leaving it lets go. */
async function closeView(view: View): Promise<void> {
  for await (const _ of view) return;
}

/** The first view is that of the values. Throws StoreError StateCorrupt when it has not all of them: nobody could restore what is made of it. */
async function* recordsOf(views: readonly View[], { keyCount }: StateHead): AsyncIterable<Uint8Array> {
  for (const [index, view] of views.entries()) {
    let count = 0;
    for await (const [key, value] of view) {
      count += 1;
      const record = new Uint8Array(RECORD_HEAD_BYTES + key.length + value.length);
      const lengths = new DataView(record.buffer);
      lengths.setUint16(0, key.length);
      lengths.setUint32(2, value.length);
      record.set(key, RECORD_HEAD_BYTES);
      record.set(value, RECORD_HEAD_BYTES + key.length);
      yield record;
    }
    if (index === 0 && count !== keyCount)
      throw new StoreError(
        "StateCorrupt",
        `the store has ${count} of ${keyCount} values: the disk lost records; restore this node from a backup or a snapshot`,
      );
  }
}

/** The records one after the other, cut every `CHUNK_BYTES`. */
async function* cut(records: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let chunk = new Uint8Array(CHUNK_BYTES);
  let filled = 0;
  for await (const record of records) {
    for (let done = 0; done < record.length; ) {
      const part = record.subarray(done, done + CHUNK_BYTES - filled);
      chunk.set(part, filled);
      done += part.length;
      filled += part.length;
      if (filled < CHUNK_BYTES) continue;
      yield chunk;
      chunk = new Uint8Array(CHUNK_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}
