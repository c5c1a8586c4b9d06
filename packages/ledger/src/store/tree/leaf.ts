import { copyWords, createPage, type Page } from "./page.ts";
import { PATH_BYTES } from "./paths.ts";

/** A leaf in memory and on disk: its path, then the hash of its value. */
export const LEAF_BYTES = 2 * PATH_BYTES;
export const LEAF_WORDS = LEAF_BYTES / 4;

/** Leaves side by side: `count` times `LEAF_WORDS`, from word `at` of `page`, ascending by path. */
export interface Leaves {
  readonly page: Page;
  readonly at: number;
  readonly count: number;
}

export const NO_LEAVES: Leaves = { page: { words: new Int32Array(), bytes: new Uint8Array() }, at: 0, count: 0 };

/** Byte in its page at which leaf `index`, and so its path, begins. */
export function pathAt(leaves: Leaves, index: number): number {
  return 4 * leaves.at + LEAF_BYTES * index;
}

/** Leaves that are written one after the other, in memory that is used again. */
export interface LeafList {
  page: Page;
  count: number;
}

export function createLeafList(): LeafList {
  return { page: createPage(0), count: 0 };
}

/** Makes room for `count` leaves more. The page may be another one afterwards. */
export function reserveLeaves(list: LeafList, count: number): void {
  const words = LEAF_WORDS * (list.count + count);
  if (list.page.words.length >= words) return;
  const page = createPage(2 * words);
  page.words.set(list.page.words);
  list.page = page;
}

/** Adds the leaves from word `at` of `words`. There must be room. */
export function addLeaves(list: LeafList, words: Int32Array, at: number, count: number): void {
  copyWords(words, at, list.page.words, LEAF_WORDS * list.count, LEAF_WORDS * count);
  list.count += count;
}
