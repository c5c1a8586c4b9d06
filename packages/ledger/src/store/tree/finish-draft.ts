import { LEAF_TAG } from "../state-hash.ts";
import { isFresh, releaseBucket } from "./buckets.ts";
import type { AddedBucket, Draft } from "./draft.ts";
import { LEAF_BYTES, type Leaves, listedLeaves } from "./leaf.ts";
import { addToLevel, HASH_WORDS, hashLevels, INNER_WORDS, levelAt, NO_CHILDREN, NOWHERE } from "./levels.ts";
import { copyWords, scratchPage } from "./page.ts";
import { firstRight } from "./replace-leaves.ts";
import { addNode } from "./tree.ts";

/** Hashes all that is new in the draft, leaves first, and makes it part of the tree. Returns its crown and the buckets that it added. */
export function finishDraft(draft: Draft): { readonly crown: number; readonly added: readonly AddedBucket[] } {
  const { tree, levels } = draft;
  const added = keepFreshBuckets(draft);
  const { count } = tree.work.leaves;
  const leaves = listedLeaves(tree.work.leaves, 0, count);
  const homes = { depths: new Int32Array(count), targets: new Int32Array(count).fill(NOWHERE) };
  for (const { firstLeaf, leafCount, depth, target } of added) {
    spreadLeaves(draft, homes, leaves, firstLeaf, firstLeaf + leafCount, depth, target);
  }
  hashLeaves(draft, homes);
  hashLevels(tree.crypto, levels, tree.work.hashes);
  return { crown: keepNodes(draft), added };
}

/** Where the hash of each leaf in the working memory goes; nowhere from those of buckets that were dropped again. */
interface Homes {
  readonly depths: Int32Array;
  readonly targets: Int32Array;
}

function keepFreshBuckets({ tree, added }: Draft): AddedBucket[] {
  const kept = added.filter(({ bucket }) => isFresh(tree.buckets, bucket));
  for (const { bucket } of added) if (!isFresh(tree.buckets, bucket)) releaseBucket(tree.buckets, bucket);
  return kept;
}

/**
 * Adds to the levels the nodes between the leaves `from` to `to` of one bucket, which have `depth` bits in common, and gives these leaves
 * their homes. Calls itself once per bit, so at most 256 deep.
 */
function spreadLeaves(draft: Draft, homes: Homes, leaves: Leaves, from: number, to: number, depth: number, target: number): void {
  if (to - from === 1) {
    homes.depths[from] = depth;
    homes.targets[from] = target;
    return;
  }
  const index = addToLevel(levelAt(draft.levels, depth + 1), target, NO_CHILDREN, 0);
  const middle = firstRight(leaves, from, to, depth);
  if (middle > from) spreadLeaves(draft, homes, leaves, from, middle, depth + 1, 2 * index);
  if (middle < to) spreadLeaves(draft, homes, leaves, middle, to, depth + 1, 2 * index + 1);
}

const TAG_WORDS = new Int32Array(LEAF_TAG.buffer);

/** leaf = SHA-256(SHA-256(path ‖ value hash) ‖ TAG), see `state-hash.ts`. */
function hashLeaves({ tree, levels }: Draft, { depths, targets }: Homes): void {
  const { leaves, taggedLeaves, hashes } = tree.work;
  const { count } = leaves;
  const tagged = scratchPage(taggedLeaves, INNER_WORDS * count);
  const out = scratchPage(hashes, HASH_WORDS * count);
  const outBytes = out.bytes.subarray(0, 4 * HASH_WORDS * count);
  tree.crypto.hashBlocks(leaves.page.bytes.subarray(0, LEAF_BYTES * count), outBytes);
  for (let i = 0; i < count; i++) {
    copyWords(out.words, HASH_WORDS * i, tagged.words, INNER_WORDS * i, HASH_WORDS);
    copyWords(TAG_WORDS, 0, tagged.words, INNER_WORDS * i + HASH_WORDS, HASH_WORDS);
  }
  tree.crypto.hashBlocks(tagged.bytes.subarray(0, 4 * INNER_WORDS * count), outBytes);
  for (let i = 0; i < count; i++) {
    const target = targets[i]!;
    if (target !== NOWHERE) copyWords(out.words, HASH_WORDS * i, levels[depths[i]!]!.inner.words, HASH_WORDS * target, HASH_WORDS);
  }
}

/** Makes nodes of the tree from those of the draft, the deepest first, because the others name them. Returns the crown. */
function keepNodes({ tree, levels }: Draft): number {
  let node = 0;
  for (let depth = levels.length - 1; depth >= 0; depth--) {
    const { count, kept, inner, children, targets } = levels[depth]!;
    for (let i = 0; i < count; i++) {
      if (kept[i] === 0) continue;
      node = addNode(tree, inner.words, INNER_WORDS * i, children[2 * i]!, children[2 * i + 1]!);
      if (depth > 0) levels[depth - 1]!.children[targets[i]!] = node;
    }
  }
  return node;
}
