import { LEAF_TAG } from "../state-hash.ts";
import { countLeaves, FRESH, heldLeaves, isFresh, letGo } from "./buckets.ts";
import { childAt, type Draft, levelAt } from "./draft.ts";
import { LEAF_BYTES, LEAF_WORDS, type Leaves } from "./leaf.ts";
import { addToLevel, HASH_WORDS, hashLevels, INNER_WORDS } from "./levels.ts";
import { copyWords, createPage, type Page, pageOf, wordAt } from "./record-pool.ts";
import { firstRight } from "./replace-leaves.ts";

/** A bucket of the draft, and where its root hash stands: `target` = 2 · index + side in the level at `depth`. */
export interface FreshBucket {
  readonly bucket: number;
  readonly depth: number;
  readonly target: number;
}

/** The leaves of all fresh buckets side by side, and where the hash of each goes. */
interface LeafBatch {
  readonly page: Page;
  readonly depths: Int32Array;
  readonly targets: Int32Array;
  count: number;
}

/** Hashes all that is new in the draft, leaves first, and puts the hashes into its nodes. Returns the fresh buckets. */
export function hashDraft(draft: Draft): FreshBucket[] {
  const fresh = takeFreshBuckets(draft);
  const leafCount = fresh.reduce((sum, { bucket }) => sum + countLeaves(draft.tree.buckets, bucket), 0);
  const batch = {
    page: createPage(LEAF_WORDS * leafCount),
    depths: new Int32Array(leafCount),
    targets: new Int32Array(leafCount),
    count: 0,
  };
  for (const { bucket, depth, target } of fresh) {
    const leaves = heldLeaves(draft.tree.buckets, bucket);
    batch.page.words.set(leaves.page.words.subarray(leaves.at, leaves.at + LEAF_WORDS * leaves.count), LEAF_WORDS * batch.count);
    spreadLeaves(draft, batch, leaves, 0, leaves.count, depth, target);
  }
  hashLeaves(draft, batch);
  hashLevels(draft.tree.crypto, draft.levels);
  keepNodes(draft);
  return fresh;
}

function takeFreshBuckets(draft: Draft): FreshBucket[] {
  const { buckets } = draft.tree;
  const fresh: FreshBucket[] = [];
  draft.levels.forEach(({ count, nodes }, depth) => {
    for (let index = 0; index < count; index++) {
      if (nodes[index] === 0) continue;
      for (const side of [0, 1] as const) {
        const bucket = -childAt(draft, { depth, index, side });
        if (bucket <= 0 || !isFresh(buckets, bucket)) continue;
        letGo(buckets, bucket, FRESH);
        fresh.push({ bucket, depth, target: 2 * index + side });
      }
    }
  });
  return fresh;
}

/**
 * Adds to the levels the nodes between the leaves `from` to `to` of one bucket, which have `depth` bits in common, and to the batch where
 * the hashes of the leaves go. Calls itself once per bit, so at most 256 deep.
 */
function spreadLeaves(draft: Draft, batch: LeafBatch, leaves: Leaves, from: number, to: number, depth: number, target: number): void {
  if (to - from === 1) {
    batch.depths[batch.count] = depth;
    batch.targets[batch.count++] = target;
    return;
  }
  const index = addToLevel(levelAt(draft, depth + 1), target, 0, 0);
  const middle = firstRight(leaves, from, to, depth);
  if (middle > from) spreadLeaves(draft, batch, leaves, from, middle, depth + 1, 2 * index);
  if (middle < to) spreadLeaves(draft, batch, leaves, middle, to, depth + 1, 2 * index + 1);
}

const TAG_WORDS = new Int32Array(LEAF_TAG.buffer);

/** leaf = SHA-256(SHA-256(path ‖ value hash) ‖ TAG), see `state-hash.ts`. */
function hashLeaves(draft: Draft, { page, depths, targets, count }: LeafBatch): void {
  const { crypto } = draft.tree;
  const hashes = createPage(HASH_WORDS * count);
  crypto.hashBlocks(page.bytes, hashes.bytes);
  for (let i = 0; i < count; i++) {
    copyWords(hashes.words, HASH_WORDS * i, page.words, LEAF_WORDS * i, HASH_WORDS);
    copyWords(TAG_WORDS, 0, page.words, LEAF_WORDS * i + HASH_WORDS, HASH_WORDS);
  }
  crypto.hashBlocks(page.bytes.subarray(0, LEAF_BYTES * count), hashes.bytes);
  for (let i = 0; i < count; i++) {
    copyWords(hashes.words, HASH_WORDS * i, levelAt(draft, depths[i]!).inner.words, HASH_WORDS * targets[i]!, HASH_WORDS);
  }
}

function keepNodes({ tree, levels }: Draft): void {
  for (const { count, nodes, inner } of levels) {
    for (let i = 0; i < count; i++) {
      const node = nodes[i]!;
      if (node !== 0) copyWords(inner.words, INNER_WORDS * i, pageOf(tree.nodes, node).words, wordAt(tree.nodes, node), INNER_WORDS);
    }
  }
}
