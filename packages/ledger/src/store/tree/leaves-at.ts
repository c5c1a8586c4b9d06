import { loadLeaves } from "./buckets.ts";
import { type Leaves, NO_LEAVES } from "./leaf.ts";
import { HASH_WORDS } from "./levels.ts";
import { bitAt } from "./paths.ts";
import { pageOf, wordAt } from "./record-pool.ts";
import { childOf, type Side, type Tree } from "./tree.ts";

/** Leaves that have `depth` bits of their paths in common. */
export interface FoundLeaves {
  readonly leaves: Leaves;
  readonly depth: number;
}

/**
 * The leaves of the bucket, or the emptiness, to which `path` leads from `crown`; they stay as those of `loadLeaves`. On the way `pass` hears of each node below the
 * crown, and on which side of it the path goes on. Throws StoreError StateCorrupt.
 */
export function leavesAt(tree: Tree, crown: number, path: Uint8Array, pass?: (node: number, side: Side) => void): FoundLeaves {
  let node = crown;
  let side: Side = 0;
  let depth = 0;
  for (let child = childOf(tree, node, side); child > 0; child = childOf(tree, node, side)) {
    node = child;
    side = bitAt(path, 0, depth++);
    pass?.(node, side);
  }
  const bucket = -childOf(tree, node, side);
  if (bucket === 0) return { leaves: NO_LEAVES, depth };
  const hashAt = wordAt(tree.nodes, node) + HASH_WORDS * side;
  return { leaves: loadLeaves(tree.buckets, tree.work.leaves, bucket, pageOf(tree.nodes, node).words, hashAt), depth };
}
