import { bucketKey } from "./bucket-record.ts";
import { hold, isFresh, type Place, releaseBucket, STALE } from "./buckets.ts";
import type { Changes } from "./changes.ts";
import { LEAF_BYTES, LEAF_WORDS } from "./leaf.ts";
import { addToLevel, createLevel, INNER_WORDS, type Level } from "./levels.ts";
import { bitAt } from "./paths.ts";
import { copyWords, createPage, type Page, pageOf, wordAt } from "./record-pool.ts";
import { addNode, childOf, type Side, setChild, type Tree } from "./tree.ts";

/** The next version while it is made. Nothing of the versions before it changes. */
export interface Draft {
  readonly tree: Tree;
  readonly changes: Changes;
  /** The new nodes by level, see `Level`. */
  readonly levels: Level[];
  /** Nodes and buckets of the version before that this one has no more. */
  readonly staleNodes: number[];
  readonly staleBuckets: number[];
  /** Keys of bucket records that may be on disk without a bucket in this version. */
  readonly lostRecords: Uint8Array[];
  /** Per change 1 if its key had a value before. */
  readonly existed: Uint8Array;
  /** How many keys more than the version before. */
  keyDelta: number;
  /** Room for the leaves of one bucket while it is made. */
  scratch: Page;
}

/** A child of a node of the draft: level and index of the node, side of the child. A child at `depth` has `depth` bits above it. */
export interface Spot {
  readonly depth: number;
  readonly index: number;
  readonly side: Side;
}

export function createDraft(tree: Tree, changes: Changes): Draft {
  const existed = new Uint8Array(changes.count);
  return { tree, changes, levels: [], staleNodes: [], staleBuckets: [], lostRecords: [], existed, keyDelta: 0, scratch: createPage(0) };
}

/** Room for `count` leaves, until the next call. */
export function scratchLeaves(draft: Draft, count: number): Page {
  if (draft.scratch.words.length < LEAF_WORDS * count) draft.scratch = createPage(LEAF_WORDS * count);
  return draft.scratch;
}

export function levelAt(draft: Draft, depth: number): Level {
  while (draft.levels.length <= depth) draft.levels.push(createLevel());
  return draft.levels[depth]!;
}

/** Side on which the path of change `change` goes on from a node at `depth`; below the crown there is only the root. */
export function sideOf(draft: Draft, change: number, depth: number): Side {
  return depth === 0 ? 0 : bitAt(draft.changes.leaves.bytes, LEAF_BYTES * change, depth - 1);
}

export function childAt({ tree, levels }: Draft, { depth, index, side }: Spot): number {
  return childOf(tree, levels[depth]!.nodes[index]!, side);
}

export function setChildAt({ tree, levels }: Draft, { depth, index, side }: Spot, child: number): void {
  setChild(tree, levels[depth]!.nodes[index]!, side, child);
}

/** A new node without children, at `depth`, whose hash goes to `target` of the level above. Returns its index. */
export function addDraftNode(draft: Draft, depth: number, target: number, via: number): number {
  return addToLevel(levelAt(draft, depth), target, addNode(draft.tree), via);
}

/** The same for a copy of `node`, which the new version has no more. */
export function copyDraftNode(draft: Draft, node: number, depth: number, target: number, via: number): number {
  const { nodes } = draft.tree;
  const index = addDraftNode(draft, depth, target, via);
  const level = levelAt(draft, depth);
  const copy = level.nodes[index]!;
  const from = pageOf(nodes, node).words;
  const fromAt = wordAt(nodes, node);
  copyWords(from, fromAt, level.inner.words, INNER_WORDS * index, INNER_WORDS);
  copyWords(from, fromAt + INNER_WORDS, pageOf(nodes, copy).words, wordAt(nodes, copy) + INNER_WORDS, 2);
  draft.staleNodes.push(node);
  return index;
}

/** Takes a bucket out of the draft: at once if the draft itself added it, otherwise when the last version that has it goes. */
export function dropBucket({ tree, staleBuckets }: Draft, bucket: number): void {
  if (isFresh(tree.buckets, bucket)) {
    releaseBucket(tree.buckets, bucket);
    return;
  }
  hold(tree.buckets, bucket, STALE);
  staleBuckets.push(bucket);
}

/** The bucket at a spot below which the path of change `via` goes on. */
export function placeOf(draft: Draft, depth: number, via: number): Place {
  return { bytes: draft.changes.leaves.bytes, at: LEAF_BYTES * via, prefixBits: depth };
}

export function loseRecord(draft: Draft, { bytes, at, prefixBits }: Place): void {
  draft.lostRecords.push(bucketKey(bytes, at, prefixBits));
}
