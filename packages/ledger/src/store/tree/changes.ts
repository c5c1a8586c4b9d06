import type { CryptoProvider } from "../../crypto/provider.ts";
import { stateKeyBytes } from "../state-hash.ts";
import { LEAF_BYTES, LEAF_WORDS } from "./leaf.ts";
import { comparePaths, PATH_BYTES } from "./paths.ts";
import { copyWords, createPage, type Page } from "./record-pool.ts";

/** The changes of a block as leaves, ascending by path. */
export interface Changes {
  readonly count: number;
  /** The state keys, in the order of the leaves. */
  readonly keys: readonly string[];
  /** `LEAF_WORDS` per change: path and hash of the new value. */
  readonly leaves: Page;
  /** Per change 1 if the key is deleted. */
  readonly deleted: Uint8Array;
}

/** Hashes keys and values and sorts by path. Throws RangeError on a text that is no state key. */
export function sortChanges(crypto: CryptoProvider, changes: ReadonlyMap<string, Uint8Array | undefined>): Changes {
  const entries = [...changes];
  const unsorted = createPage(LEAF_WORDS * entries.length);
  entries.forEach(([key, value], i) => {
    unsorted.bytes.set(crypto.sha256(stateKeyBytes(key)), LEAF_BYTES * i);
    if (value !== undefined) unsorted.bytes.set(crypto.sha256(value), LEAF_BYTES * i + PATH_BYTES);
  });
  const order = entries.map((_, i) => i);
  order.sort((a, b) => comparePaths(unsorted.bytes, LEAF_BYTES * a, unsorted.bytes, LEAF_BYTES * b));

  const leaves = createPage(LEAF_WORDS * entries.length);
  const deleted = new Uint8Array(entries.length);
  order.forEach((from, to) => {
    copyWords(unsorted.words, LEAF_WORDS * from, leaves.words, LEAF_WORDS * to, LEAF_WORDS);
    deleted[to] = entries[from]![1] === undefined ? 1 : 0;
  });
  return { count: entries.length, keys: order.map((i) => entries[i]![0]), leaves, deleted };
}
