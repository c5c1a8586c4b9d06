import { MAX_BUCKET_LEAVES } from "./bucket-record.ts";
import { countLeaves, loadLeaves } from "./buckets.ts";
import { childAt, type Draft, dropBucket, type Spot } from "./draft.ts";
import { addLeaves, listedLeaves, reserveLeaves } from "./leaf.ts";
import { HASH_WORDS, levelAt, NOWHERE } from "./levels.ts";
import { placeBucket } from "./replace-leaves.ts";

/** Two buckets become one at half of what one holds, so that a key that comes and goes does not split and merge at every block. */
const MERGE_LEAVES = MAX_BUCKET_LEAVES / 2;

/**
 * After deletions: replaces each new node above two buckets with few leaves by one bucket, from the deepest up. It also keeps the promise
 * that every node has two leaves below it, without which a lone leaf would be hashed as if it had company.
 */
export function mergeBuckets(draft: Draft): void {
  for (let depth = draft.levels.length - 1; depth > 0; depth--) {
    const { count } = levelAt(draft.levels, depth);
    for (let index = 0; index < count; index++) {
      const leaves = countBelow(draft, { depth, target: 2 * index }) + countBelow(draft, { depth, target: 2 * index + 1 });
      if (leaves <= MERGE_LEAVES) replaceByBucket(draft, depth, index);
    }
  }
}

/** Leaves of the bucket at `spot`; more than any bucket has below a node. */
function countBelow(draft: Draft, spot: Spot): number {
  const child = childAt(draft, spot);
  if (child > 0) return Number.POSITIVE_INFINITY;
  return child === 0 ? 0 : countLeaves(draft.tree.buckets, -child);
}

function replaceByBucket(draft: Draft, depth: number, index: number): void {
  const level = levelAt(draft.levels, depth);
  const list = draft.tree.work.leaves;
  const first = list.count;
  reserveLeaves(list, MERGE_LEAVES);
  for (const side of [0, 1] as const) {
    const target = 2 * index + side;
    const bucket = -childAt(draft, { depth, target });
    if (bucket === 0) continue;
    const leaves = loadLeaves(draft.tree.buckets, list, bucket, level.inner.words, HASH_WORDS * target);
    addLeaves(list, leaves, 0, leaves.count);
    dropBucket(draft, bucket);
  }
  const spot = { depth: depth - 1, target: level.targets[index]! };
  level.kept[index] = 0;
  level.targets[index] = NOWHERE;
  placeBucket(draft, spot, listedLeaves(list, first, list.count - first));
}
