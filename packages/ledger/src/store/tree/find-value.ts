import { StoreError } from "../store-error.ts";
import { ELSEWHERE, pathAt } from "./leaf.ts";
import { leavesAt } from "./leaves-at.ts";
import { comparePaths, PATH_BYTES } from "./paths.ts";
import type { Tree } from "./tree.ts";

/** Of the value that is compared; nothing of it outlasts the call. */
const HASH = new Uint8Array(PATH_BYTES);

/**
 * A copy of the value at `path` in the version `crown`, undefined where there is none. A value that does not lie in the tree comes from `elsewhere`, and must have
 * the hash of its leaf: a disk that lost a record, or brought an older one to light, leaves no checksum that tells of it. Throws StoreError StateCorrupt.
 */
export function findValue(tree: Tree, crown: number, path: Uint8Array, elsewhere: () => Uint8Array | undefined): Uint8Array | undefined {
  const { leaves } = leavesAt(tree, crown, path);
  for (let i = 0; i < leaves.count; i++) {
    const at = pathAt(leaves, i);
    if (comparePaths(leaves.page.bytes, at, path, 0) !== 0) continue;
    const { values, firstValue } = leaves;
    const length = values.lengths[firstValue + i]!;
    const from = 4 * values.starts[firstValue + i]!;
    if (length !== ELSEWHERE) return values.page.bytes.slice(from, from + length);
    const value = elsewhere();
    if (value !== undefined) tree.crypto.sha256Into(value, HASH, 0);
    if (value === undefined || comparePaths(leaves.page.bytes, at + PATH_BYTES, HASH, 0) !== 0) throw lostValue();
    return value;
  }
  return undefined;
}

function lostValue(): StoreError {
  return new StoreError(
    "StateCorrupt",
    "a stored value is not the one that the state tree has: the disk lost or changed records; restore this node from a backup or a snapshot",
  );
}
