import { MAX_BUCKET_LEAVES } from "./bucket-record.ts";
import { addFreshBucket, loadLeaves } from "./buckets.ts";
import { addChild, childAt, copyChild, copyCrown, type Draft, dropBucket, type Run, type Spot, setChildAt } from "./draft.ts";
import { addLeaf, addLeaves, LEAF_BYTES, LEAF_WORDS, type Leaves, listedLeaves, NO_LEAVES, partOf, pathAt, reserveLeaves } from "./leaf.ts";
import { HASH_WORDS, levelAt, NO_CHILDREN } from "./levels.ts";
import { copyWords } from "./page.ts";
import { bitAt, comparePaths } from "./paths.ts";

/** A bucket, or an empty place, and the changes that fall into it. */
interface Arrival {
  readonly spot: Spot;
  readonly run: Run;
}

/**
 * Makes the nodes and buckets that the changes lead to. All changes go down one level together: the nodes of a level do not wait for each
 * other, so the processor fetches several of them from memory at a time, which is most of the work in a large tree.
 */
export function replaceLeaves(draft: Draft, crown: number): void {
  const arrivals: Arrival[] = [];
  copyCrown(draft, crown);
  for (let depth = 0; depth < draft.levels.length; depth++) {
    const { count } = levelAt(draft.levels, depth);
    for (let index = 0; index < count; index++) goDown(draft, depth, index, arrivals);
  }
  for (const { spot, run } of arrivals) replaceBucket(draft, spot, run);
}

/** Sends the changes that came to a node on to its children. The crown has the root on its left. */
function goDown(draft: Draft, depth: number, index: number, arrivals: Arrival[]): void {
  const { froms, tos } = levelAt(draft.levels, depth);
  const [from, to] = [froms[index]!, tos[index]!];
  const { leaves } = draft.changes;
  const middle = depth === 0 ? to : firstRightPath(leaves.bytes, 0, from, to, depth - 1);
  if (from < middle) arrive(draft, depth, 2 * index, from, middle, arrivals);
  if (middle < to) arrive(draft, depth, 2 * index + 1, middle, to, arrivals);
}

function arrive(draft: Draft, depth: number, target: number, from: number, to: number, arrivals: Arrival[]): void {
  const child = levelAt(draft.levels, depth).children[target]!;
  if (child > 0) copyChild(draft, depth, target, child, from, to);
  else arrivals.push({ spot: { depth, target }, run: { from, to } });
}

/** Makes the changes of `run` to the bucket, or the emptiness, at `spot`. */
function replaceBucket(draft: Draft, spot: Spot, run: Run): void {
  const { buckets, work } = draft.tree;
  const bucket = -childAt(draft, spot);
  const roots = levelAt(draft.levels, spot.depth).inner.words;
  const old = bucket === 0 ? NO_LEAVES : loadLeaves(buckets, work.leaves, bucket, roots, HASH_WORDS * spot.target);
  const leaves = mergeChanges(draft, old, run);
  if (bucket !== 0) dropBucket(draft, bucket);
  if (bucket !== 0 && leaves.count === 0) draft.emptied.push({ depth: spot.depth, via: run.from });
  placeLeaves(draft, leaves, spot, run);
}

/** The old leaves with the changes of a run made to them. */
function mergeChanges(draft: Draft, old: Leaves, { from, to }: Run): Leaves {
  const { leaves: changed, values } = draft.changes;
  const { leaves } = draft.tree.work;
  const first = leaves.count;
  reserveLeaves(leaves, old.count + to - from);
  let next = 0;
  for (let change = from; change < to; change++) {
    let order = 1;
    while (next < old.count) {
      order = comparePaths(old.page.bytes, pathAt(old, next), changed.bytes, LEAF_BYTES * change);
      if (order >= 0) break;
      addLeaves(leaves, old, next++, 1);
    }
    const existed = next < old.count && order === 0 ? 1 : 0;
    next += existed;
    draft.existed[change] = existed;
    draft.keyDelta -= existed;
    const value = values[change];
    if (value === undefined) continue;
    draft.keyDelta += 1;
    addLeaf(leaves, changed.words, LEAF_WORDS * change, draft.tree.buckets.keepsValues ? value : undefined);
  }
  addLeaves(leaves, old, next, old.count - next);
  return listedLeaves(leaves, first, leaves.count - first);
}

/** A run of leaves that belong below a spot. */
interface Part extends Spot, Run {}

/** Puts leaves below `spot`: into one bucket if they fit, else into the buckets of as many nodes as it takes. */
function placeLeaves(draft: Draft, leaves: Leaves, spot: Spot, run: Run): void {
  const pending: Part[] = [{ ...spot, from: 0, to: leaves.count }];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const { depth, from, to } = part;
    if (to - from <= MAX_BUCKET_LEAVES) {
      placeBucket(draft, part, partOf(leaves, from, to));
      continue;
    }
    const left = 2 * addChild(draft, part, run);
    const middle = firstRight(leaves, from, to, depth);
    pending.push({ depth: depth + 1, target: left + 1, from: middle, to }, { depth: depth + 1, target: left, from, to: middle });
  }
}

/** Makes leaves in the working memory, at most a bucket of them, the child at `spot`. Its hash follows when the draft is hashed. */
export function placeBucket(draft: Draft, spot: Spot, leaves: Leaves): void {
  const { depth, target } = spot;
  if (leaves.count === 0) {
    copyWords(NO_CHILDREN, 0, levelAt(draft.levels, depth).inner.words, HASH_WORDS * target, HASH_WORDS);
    setChildAt(draft, spot, 0);
    return;
  }
  const firstLeaf = leaves.at / LEAF_WORDS;
  const bucket = addFreshBucket(draft.tree.buckets, firstLeaf, leaves.count);
  draft.added.push({ bucket, depth, target, firstLeaf, leafCount: leaves.count });
  setChildAt(draft, spot, -bucket);
}

/** Index of the first of the leaves `from` to `to` with bit `depth` set, which the others do not share: they are ascending. */
export function firstRight(leaves: Leaves, from: number, to: number, depth: number): number {
  return firstRightPath(leaves.page.bytes, pathAt(leaves, 0), from, to, depth);
}

/** The same for leaves that begin at byte `at` of `bytes`. */
function firstRightPath(bytes: Uint8Array, at: number, from: number, to: number, depth: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bitAt(bytes, at + LEAF_BYTES * middle, depth) === 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
