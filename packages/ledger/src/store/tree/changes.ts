import type { RecordWrite } from "../kv.ts";
import { writePath, writeValueKey } from "../state-head.ts";
import { LEAF_BYTES, LEAF_WORDS } from "./leaf.ts";
import { copyWords, type Page, scratchPage } from "./page.ts";
import { comparePaths, PATH_BYTES } from "./paths.ts";
import type { Tree } from "./tree.ts";

/** The changes of a block as leaves, ascending by path. */
export interface Changes {
  readonly count: number;
  /** The state keys, in the order of the leaves. */
  readonly keys: readonly string[];
  /** `LEAF_WORDS` per change: path and hash of the new value. */
  readonly leaves: Page;
  /** Per change the new value; undefined if the key is deleted. */
  readonly values: readonly (Uint8Array | undefined)[];
  /** The changes of the values on disk, in any order. */
  readonly writes: readonly RecordWrite[];
}

/** Hashes keys and values and sorts by path, into memory that the next block uses again. Throws RangeError on a text that is no state key. */
export function sortChanges({ crypto, work }: Tree, changes: ReadonlyMap<string, Uint8Array | undefined>): Changes {
  const count = changes.size;
  const keys = [...changes.keys()];
  const writes = valueWrites(changes);
  const unsorted = scratchPage(work.unsortedChanges, LEAF_WORDS * count);
  writes.forEach(({ key, value }, i) => {
    writePath(crypto, key, unsorted.bytes, LEAF_BYTES * i);
    if (value === undefined) unsorted.bytes.fill(0, LEAF_BYTES * i + PATH_BYTES, LEAF_BYTES * (i + 1));
    else crypto.sha256Into(value, unsorted.bytes, LEAF_BYTES * i + PATH_BYTES);
  });
  const order = keys.map((_, i) => i);
  order.sort((a, b) => comparePaths(unsorted.bytes, LEAF_BYTES * a, unsorted.bytes, LEAF_BYTES * b));

  const leaves = scratchPage(work.changes, LEAF_WORDS * count);
  order.forEach((from, to) => {
    copyWords(unsorted.words, LEAF_WORDS * from, leaves.words, LEAF_WORDS * to, LEAF_WORDS);
  });
  return { count, keys: order.map((i) => keys[i]!), leaves, values: order.map((i) => writes[i]!.value), writes };
}

/** The keys lie side by side: a piece of memory for each would be most of what they cost. */
function valueWrites(changes: ReadonlyMap<string, Uint8Array | undefined>): RecordWrite[] {
  let size = 0;
  changes.forEach((_, key) => {
    size += 1 + key.length;
  });
  const bytes = new Uint8Array(size);
  const writes: RecordWrite[] = [];
  let at = 0;
  changes.forEach((value, key) => {
    writeValueKey(key, bytes, at);
    writes.push({ key: bytes.subarray(at, at + 1 + key.length), value });
    at += 1 + key.length;
  });
  return writes;
}
