import { MAX_BUCKET_LEAVES } from "./bucket-record.ts";
import { addFreshBucket, loadLeaves } from "./buckets.ts";
import {
  addDraftNode,
  childAt,
  copyDraftNode,
  type Draft,
  dropBucket,
  loseRecord,
  placeOf,
  type Spot,
  setChildAt,
  sideOf,
} from "./draft.ts";
import { addLeaves, LEAF_BYTES, LEAF_WORDS, type Leaves, NO_LEAVES, pathAt, reserveLeaves } from "./leaf.ts";
import { HASH_WORDS, levelAt, NO_CHILDREN, NOWHERE } from "./levels.ts";
import { copyWords } from "./page.ts";
import { bitAt, comparePaths, sharedBits } from "./paths.ts";

/**
 * Makes the nodes and buckets that the changes lead to. Changes are ascending, so each goes on from the last node that its path shares with
 * the one before, and all that fall into one bucket come together.
 */
export function replaceLeaves(draft: Draft, crown: number): void {
  const { count, leaves } = draft.changes;
  const path = [copyDraftNode(draft, crown, 0, NOWHERE, 0)];
  for (let from = 0, to = 0; from < count; from = to) {
    let depth = from === 0 ? 0 : sharedBits(leaves.bytes, LEAF_BYTES * (from - 1), leaves.bytes, LEAF_BYTES * from) + 1;
    let spot = { depth, index: path[depth]!, side: sideOf(draft, from, depth) };
    for (let child = childAt(draft, spot); child > 0; child = childAt(draft, spot)) {
      path[++depth] = copyDraftNode(draft, child, depth, 2 * spot.index + spot.side, from);
      setChildAt(draft, spot, levelAt(draft.levels, depth).nodes[path[depth]!]!);
      spot = { depth, index: path[depth]!, side: sideOf(draft, from, depth) };
    }
    to = from + 1;
    while (to < count && sharedBits(leaves.bytes, LEAF_BYTES * from, leaves.bytes, LEAF_BYTES * to) >= depth) to++;
    replaceBucket(draft, spot, from, to);
  }
}

/** Puts the changes `from` to `to` into the bucket, or the emptiness, at `spot`. */
function replaceBucket(draft: Draft, spot: Spot, from: number, to: number): void {
  const { buckets } = draft.tree;
  const bucket = -childAt(draft, spot);
  const place = placeOf(draft, spot.depth, from);
  const roots = levelAt(draft.levels, spot.depth).inner.words;
  const old = bucket === 0 ? NO_LEAVES : loadLeaves(buckets, bucket, place, roots, HASH_WORDS * (2 * spot.index + spot.side));
  const leaves = mergeChanges(draft, old, from, to);
  if (bucket !== 0) dropBucket(draft, bucket);
  if (bucket !== 0 && (leaves.count === 0 || leaves.count > MAX_BUCKET_LEAVES)) loseRecord(draft, place);
  placeLeaves(draft, leaves, spot, from);
}

/** The old leaves with the changes `from` to `to` made to them. */
function mergeChanges(draft: Draft, old: Leaves, from: number, to: number): Leaves {
  const { leaves: changed, deleted } = draft.changes;
  const { leaves } = draft.tree.work;
  const first = leaves.count;
  reserveLeaves(leaves, old.count + to - from);
  let next = 0;
  for (let change = from; change < to; change++) {
    let order = 1;
    while (next < old.count) {
      order = comparePaths(old.page.bytes, pathAt(old, next), changed.bytes, LEAF_BYTES * change);
      if (order >= 0) break;
      addLeaves(leaves, old.page.words, old.at + LEAF_WORDS * next++, 1);
    }
    const existed = next < old.count && order === 0 ? 1 : 0;
    next += existed;
    draft.existed[change] = existed;
    draft.keyDelta += 1 - deleted[change]! - existed;
    if (deleted[change] === 0) addLeaves(leaves, changed.words, LEAF_WORDS * change, 1);
  }
  addLeaves(leaves, old.page.words, old.at + LEAF_WORDS * next, old.count - next);
  return { page: leaves.page, at: LEAF_WORDS * first, count: leaves.count - first };
}

interface Part extends Spot {
  readonly from: number;
  readonly to: number;
}

/** Puts leaves below `spot`: into one bucket if they fit, else into the buckets of as many nodes as it takes. */
function placeLeaves(draft: Draft, leaves: Leaves, spot: Spot, via: number): void {
  const pending: Part[] = [{ ...spot, from: 0, to: leaves.count }];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const { depth, index, side, from, to } = part;
    if (to - from <= MAX_BUCKET_LEAVES) {
      placeBucket(draft, part, { page: leaves.page, at: leaves.at + LEAF_WORDS * from, count: to - from });
      continue;
    }
    const node = addDraftNode(draft, depth + 1, 2 * index + side, via);
    setChildAt(draft, part, levelAt(draft.levels, depth + 1).nodes[node]!);
    const middle = firstRight(leaves, from, to, depth);
    pending.push(
      { depth: depth + 1, index: node, side: 1, from: middle, to },
      { depth: depth + 1, index: node, side: 0, from, to: middle },
    );
  }
}

/** Makes leaves in the working memory, at most a bucket of them, the child at `spot`. Its hash follows when the draft is hashed. */
export function placeBucket(draft: Draft, spot: Spot, leaves: Leaves): void {
  const target = 2 * spot.index + spot.side;
  if (leaves.count === 0) {
    copyWords(NO_CHILDREN, 0, levelAt(draft.levels, spot.depth).inner.words, HASH_WORDS * target, HASH_WORDS);
    setChildAt(draft, spot, 0);
    return;
  }
  const bucket = addFreshBucket(draft.tree.buckets, leaves);
  draft.added.push({ bucket, depth: spot.depth, target, firstLeaf: leaves.at / LEAF_WORDS, leafCount: leaves.count });
  setChildAt(draft, spot, -bucket);
}

/** Index of the first of the leaves `from` to `to` with bit `depth` set, which the others do not share: they are ascending. */
export function firstRight(leaves: Leaves, from: number, to: number, depth: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bitAt(leaves.page.bytes, pathAt(leaves, middle), depth) === 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
