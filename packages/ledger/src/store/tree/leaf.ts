import { PATH_BYTES } from "./paths.ts";
import type { Page } from "./record-pool.ts";

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
