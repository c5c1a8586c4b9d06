import { ELSEWHERE, pathAt } from "./leaf.ts";
import { leavesAt } from "./leaves-at.ts";
import { comparePaths } from "./paths.ts";
import type { Tree } from "./tree.ts";

/** A copy of the value at `path` in the version `crown`: undefined where there is none, "elsewhere" where it is not in the tree. Throws StoreError StateCorrupt. */
export function findValue(tree: Tree, crown: number, path: Uint8Array): Uint8Array | undefined | "elsewhere" {
  const { leaves } = leavesAt(tree, crown, path);
  for (let i = 0; i < leaves.count; i++) {
    if (comparePaths(leaves.page.bytes, pathAt(leaves, i), path, 0) !== 0) continue;
    const { values, firstValue } = leaves;
    const length = values.lengths[firstValue + i]!;
    if (length === ELSEWHERE) return "elsewhere";
    const from = 4 * values.starts[firstValue + i]!;
    return values.page.bytes.slice(from, from + length);
  }
  return undefined;
}
