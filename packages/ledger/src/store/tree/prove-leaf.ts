import type { CryptoProvider } from "../../crypto/provider.ts";
import type { StateProof } from "../proof.ts";
import { EMPTY_HASH, hashPair, leafHash } from "../state-hash.ts";
import { LEAF_BYTES, type Leaves, pathAt } from "./leaf.ts";
import { leavesAt } from "./leaves-at.ts";
import { bitAt, comparePaths, PATH_BYTES } from "./paths.ts";
import { firstRight } from "./replace-leaves.ts";
import { childHash, type Tree } from "./tree.ts";

/** What stands at `path` in the version `crown`, with its siblings from the root down. */
export function proveLeaf(tree: Tree, crown: number, path: Uint8Array): StateProof {
  const siblings: Uint8Array[] = [];
  const { leaves, depth } = leavesAt(tree, crown, path, (node, side) => siblings.push(childHash(tree, node, side === 0 ? 1 : 0)));
  return proveInBucket(tree.crypto, leaves, path, depth, siblings);
}

function proveInBucket(crypto: CryptoProvider, leaves: Leaves, path: Uint8Array, prefixBits: number, above: Uint8Array[]): StateProof {
  const siblings = [...above];
  let from = 0;
  let to = leaves.count;
  for (let depth = prefixBits; to - from > 1; depth++) {
    const middle = firstRight(leaves, from, to, depth);
    const right = bitAt(path, 0, depth) === 1;
    siblings.push(right ? subtreeHash(crypto, leaves, from, middle, depth + 1) : subtreeHash(crypto, leaves, middle, to, depth + 1));
    if (right) from = middle;
    else to = middle;
  }
  if (from === to) return { end: { kind: "empty" }, siblings };
  const at = pathAt(leaves, from);
  if (comparePaths(leaves.page.bytes, at, path, 0) === 0) return { end: { kind: "present" }, siblings };
  const keyHash = leaves.page.bytes.slice(at, at + PATH_BYTES);
  const valueHash = leaves.page.bytes.slice(at + PATH_BYTES, at + LEAF_BYTES);
  return { end: { kind: "neighbour", keyHash, valueHash }, siblings };
}

/** Hash of the subtree of the leaves `from` to `to`, which have `depth` bits in common. Calls itself once per bit, so at most 256 deep. */
function subtreeHash(crypto: CryptoProvider, leaves: Leaves, from: number, to: number, depth: number): Uint8Array {
  if (from === to) return EMPTY_HASH;
  if (to - from === 1) {
    const at = pathAt(leaves, from);
    const { bytes } = leaves.page;
    return leafHash(crypto, bytes.subarray(at, at + PATH_BYTES), bytes.subarray(at + PATH_BYTES, at + LEAF_BYTES));
  }
  const middle = firstRight(leaves, from, to, depth);
  return hashPair(crypto, subtreeHash(crypto, leaves, from, middle, depth + 1), subtreeHash(crypto, leaves, middle, to, depth + 1));
}
