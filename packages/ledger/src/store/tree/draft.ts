import { bucketKey } from "./bucket-record.ts";
import { FRESH, hold, isFresh, letGo, type Place, STALE } from "./buckets.ts";
import type { Changes } from "./changes.ts";
import { LEAF_BYTES } from "./leaf.ts";
import { addToLevel, type Level, levelAt, NO_CHILDREN } from "./levels.ts";
import { bitAt } from "./paths.ts";
import { pageOf, wordAt } from "./record-pool.ts";
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
  /** The buckets that the draft added, also those that it dropped again and that are no longer fresh. */
  readonly added: AddedBucket[];
  /** Keys of bucket records that may be on disk without a bucket in this version. */
  readonly lostRecords: Uint8Array[];
  /** Per change 1 if its key had a value before. */
  readonly existed: Uint8Array;
  /** How many keys more than the version before. */
  keyDelta: number;
}

/** A bucket, its leaves in the working memory and the place of its root hash: `target` = 2 · index + side in the level at `depth`. */
export interface AddedBucket {
  readonly bucket: number;
  readonly depth: number;
  readonly target: number;
  /** Number of its first leaf in the working memory. */
  readonly firstLeaf: number;
  readonly leafCount: number;
}

/** A child of a node of the draft: level and index of the node, side of the child. A child at `depth` has `depth` bits above it. */
export interface Spot {
  readonly depth: number;
  readonly index: number;
  readonly side: Side;
}

export function createDraft(tree: Tree, changes: Changes): Draft {
  const { levels, leaves } = tree.work;
  for (const level of levels) level.count = 0;
  leaves.count = 0;
  const existed = new Uint8Array(changes.count);
  return { tree, changes, levels, staleNodes: [], staleBuckets: [], added: [], lostRecords: [], existed, keyDelta: 0 };
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
  return addToLevel(levelAt(draft.levels, depth), target, addNode(draft.tree, 0, 0), via, NO_CHILDREN, 0);
}

/** The same for a copy of `node`, which the new version has no more. */
export function copyDraftNode(draft: Draft, node: number, depth: number, target: number, via: number): number {
  const { tree, levels, staleNodes } = draft;
  const copy = addNode(tree, childOf(tree, node, 0), childOf(tree, node, 1));
  staleNodes.push(node);
  return addToLevel(levelAt(levels, depth), target, copy, via, pageOf(tree.nodes, node).words, wordAt(tree.nodes, node));
}

/** Takes a bucket out of the draft. Those that the draft did not add itself are still part of versions before it. */
export function dropBucket({ tree, staleBuckets }: Draft, bucket: number): void {
  if (isFresh(tree.buckets, bucket)) {
    letGo(tree.buckets, bucket, FRESH);
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
