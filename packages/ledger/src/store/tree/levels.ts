import type { CryptoProvider } from "../../crypto/provider.ts";
import { copyWords, createPage, type Page, type Scratch, scratchPage } from "./page.ts";

/** Words of a hash, and of an inner node: the hashes of its two children. */
export const HASH_WORDS = 8;
export const INNER_WORDS = 16;

/**
 * The nodes at one depth that a block changes, side by side, so that they are hashed in one call. Level 0 holds the crown alone, whose
 * left child is the root; level l holds nodes with l - 1 bits above them.
 */
export interface Level {
  count: number;
  /** Per node the hashes of its children, `INNER_WORDS`: what is hashed. */
  inner: Page;
  /** Per node where its hash goes: 2 · index + side in the level above, or `NOWHERE`. */
  targets: Int32Array;
  /** Per node 1 if it becomes a node of the tree; others stand inside a bucket or fell away, and the rest is not known of them. */
  kept: Uint8Array;
  /** Per node its two children as in `Tree`, those of this draft not yet by their numbers. */
  children: Int32Array;
  /** Per node the changes that came to it, from the one to before the other. */
  froms: Int32Array;
  tos: Int32Array;
}

export const NOWHERE = -1;

const FIRST_CAPACITY = 64;

/** The level at `depth`, the levels being made as far as they are missing. */
export function levelAt(levels: Level[], depth: number): Level {
  while (levels.length <= depth) levels.push(createLevel());
  return levels[depth]!;
}

function createLevel(): Level {
  return {
    count: 0,
    inner: createPage(INNER_WORDS * FIRST_CAPACITY),
    targets: new Int32Array(FIRST_CAPACITY),
    kept: new Uint8Array(FIRST_CAPACITY),
    children: new Int32Array(2 * FIRST_CAPACITY),
    froms: new Int32Array(FIRST_CAPACITY),
    tos: new Int32Array(FIRST_CAPACITY),
  };
}

/** Adds a node that is not kept, whose children have the hashes at word `at` of `hashes`. Returns its index. */
export function addToLevel(level: Level, target: number, hashes: Int32Array, at: number): number {
  const index = level.count++;
  if (index === level.targets.length) growLevel(level);
  level.targets[index] = target;
  level.kept[index] = 0;
  copyWords(hashes, at, level.inner.words, INNER_WORDS * index, INNER_WORDS);
  return index;
}

/** Hashes of a node without children, for `addToLevel`. */
export const NO_CHILDREN = new Int32Array(INNER_WORDS);

function growLevel(level: Level): void {
  const capacity = 2 * level.targets.length;
  const inner = createPage(INNER_WORDS * capacity);
  inner.words.set(level.inner.words);
  level.inner = inner;
  level.targets = grown(level.targets, capacity);
  const kept = new Uint8Array(capacity);
  kept.set(level.kept);
  level.kept = kept;
  level.children = grown(level.children, 2 * capacity);
  level.froms = grown(level.froms, capacity);
  level.tos = grown(level.tos, capacity);
}

function grown(array: Int32Array, length: number): Int32Array {
  const longer = new Int32Array(length);
  longer.set(array);
  return longer;
}

/** Hashes level after level from the deepest up, each into the level above; the crown receives the root. */
export function hashLevels(crypto: CryptoProvider, levels: readonly Level[], scratch: Scratch): void {
  for (let depth = levels.length - 1; depth > 0; depth--) {
    const { count, inner, targets } = levels[depth]!;
    if (count === 0) continue;
    const hashes = scratchPage(scratch, HASH_WORDS * count);
    crypto.hashBlocks(inner.bytes.subarray(0, 4 * INNER_WORDS * count), hashes.bytes.subarray(0, 4 * HASH_WORDS * count));
    const above = levels[depth - 1]!.inner.words;
    for (let i = 0; i < count; i++) {
      const target = targets[i]!;
      if (target !== NOWHERE) copyWords(hashes.words, HASH_WORDS * i, above, HASH_WORDS * target, HASH_WORDS);
    }
  }
}
