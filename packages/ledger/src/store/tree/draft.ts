import { dropFresh, isFresh, makeStale } from "./buckets.ts";
import type { Changes } from "./changes.ts";
import { clearLeaves } from "./leaf.ts";
import { addToLevel, INNER_WORDS, type Level, levelAt, NO_CHILDREN, NOWHERE } from "./levels.ts";
import { pageOf, wordAt } from "./record-pool.ts";
import type { Tree } from "./tree.ts";

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
  /** The places of buckets that were left without leaves. */
  readonly emptied: Emptied[];
  /** Per change 1 if its key had a value before. */
  readonly existed: Uint8Array;
  /** How many keys more than the version before. */
  keyDelta: number;
}

/** The place of a child in the draft: `target` = 2 · index + side in the level at `depth`. The child has `depth` bits above it. */
export interface Spot {
  readonly depth: number;
  readonly target: number;
}

/** A bucket, where it hangs, and its leaves in the working memory. */
export interface AddedBucket extends Spot {
  readonly bucket: number;
  readonly firstLeaf: number;
  readonly leafCount: number;
}

/** The place at `depth` on the path of the change `via`. */
export interface Emptied {
  readonly depth: number;
  readonly via: number;
}

/** A run of changes: from the one to before the other. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

export function createDraft(tree: Tree, changes: Changes): Draft {
  const { levels, leaves } = tree.work;
  for (const level of levels) level.count = 0;
  clearLeaves(leaves);
  const existed = new Uint8Array(changes.count);
  return { tree, changes, levels, staleNodes: [], staleBuckets: [], added: [], emptied: [], existed, keyDelta: 0 };
}

export function childAt({ levels }: Draft, { depth, target }: Spot): number {
  return levels[depth]!.children[target]!;
}

export function setChildAt({ levels }: Draft, { depth, target }: Spot, child: number): void {
  levels[depth]!.children[target] = child;
}

/** Begins the draft with a copy of the crown of the version before. */
export function copyCrown(draft: Draft, crown: number): void {
  copyNode(draft, crown, 0, NOWHERE, 0, draft.changes.count);
}

/**
 * Puts a copy of `child`, which stands at `target` of the level at `depth`, into the level below, with the changes `from` to `to`. Numbers and
 * not a spot and a run: it happens about forty times per transaction, and small objects were most of its cost.
 */
export function copyChild(draft: Draft, depth: number, target: number, child: number, from: number, to: number): void {
  copyNode(draft, child, depth + 1, target, from, to);
}

function copyNode(draft: Draft, node: number, depth: number, target: number, from: number, to: number): void {
  const { nodes } = draft.tree;
  const { words } = pageOf(nodes, node);
  const at = wordAt(nodes, node);
  const level = levelAt(draft.levels, depth);
  const index = addToLevel(level, target, words, at);
  keep(level, index, words[at + INNER_WORDS]!, words[at + INNER_WORDS + 1]!, from, to);
  draft.staleNodes.push(node);
}

/** Puts a node without children into the level below, to stand at `spot`. Returns its index there. */
export function addChild(draft: Draft, spot: Spot, run: Run): number {
  const level = levelAt(draft.levels, spot.depth + 1);
  const index = addToLevel(level, spot.target, NO_CHILDREN, 0);
  keep(level, index, 0, 0, run.from, run.to);
  setChildAt(draft, spot, NUMBER_TO_COME);
  return index;
}

/** Stands for a new node among children until it has its number: like any node's, above 0. */
const NUMBER_TO_COME = 1;

function keep(level: Level, index: number, left: number, right: number, from: number, to: number): void {
  level.kept[index] = 1;
  level.children[2 * index] = left;
  level.children[2 * index + 1] = right;
  level.froms[index] = from;
  level.tos[index] = to;
}

/** Takes a bucket out of the draft. Those that the draft did not add itself are still part of versions before it. */
export function dropBucket({ tree, staleBuckets }: Draft, bucket: number): void {
  if (isFresh(tree.buckets, bucket)) {
    dropFresh(tree.buckets, bucket);
    return;
  }
  makeStale(tree.buckets, bucket);
  staleBuckets.push(bucket);
}
