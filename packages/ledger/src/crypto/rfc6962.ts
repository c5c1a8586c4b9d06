import { equalBytes } from "./bytes.ts";

/** SHA-256 of its argument, 32 bytes. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

const HASH_SIZE = 32;
const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;
/** What is hashed for a node, and for a leaf of usual size: memory that is used again, for memory is most of what a short hash costs. */
const NODE = new Uint8Array(1 + 2 * HASH_SIZE).fill(NODE_PREFIX, 0, 1);
const LEAF = new Uint8Array(1_024).fill(LEAF_PREFIX, 0, 1);

/** Hash of one leaf: SHA-256(0x00 ‖ leaf), RFC 6962 §2.1. */
export function leafHash(leaf: Uint8Array, sha256: Sha256): Uint8Array {
  const size = 1 + leaf.length;
  const input = size > LEAF.length ? new Uint8Array(size) : LEAF.subarray(0, size);
  input.set(leaf, 1);
  return sha256(input);
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right), RFC 6962 §2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  NODE.set(left, 1);
  NODE.set(right, 1 + HASH_SIZE);
  return sha256(NODE);
}

/** A tree that grows by appending and remembers only the roots of its complete subtrees: at most one per bit of its size. */
export interface MerkleFrontier {
  /** Appends a leaf by its leaf hash. */
  append(hash: Uint8Array): void;
  /** Root over the leaves so far; SHA-256 of nothing for none. */
  root(): Uint8Array;
}

/** An empty tree to append to. */
export function createFrontier(sha256: Sha256): MerkleFrontier {
  const complete: Uint8Array[] = []; // roots of complete subtrees, largest first: one per set bit of `size`
  let size = 0;
  return {
    append(hash) {
      let node = hash;
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) node = nodeHash(complete.pop()!, node, sha256);
      complete.push(node);
      size += 1;
    },
    root() {
      if (size === 0) return sha256(new Uint8Array(0));
      return complete.reduceRight((right, left) => nodeHash(left, right, sha256));
    },
  };
}

/** Merkle tree hash of a list of leaves, RFC 6962 §2.1. */
export function merkleRoot(leaves: readonly Uint8Array[], sha256: Sha256): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  const level = leaves.map((leaf) => leafHash(leaf, sha256));
  while (level.length > 1) riseOneLevel(level, sha256);
  return level[0]!;
}

/** Audit path of the leaf at `index`, from its sibling up to a child of the root, RFC 6962 §2.1.1. Throws RangeError on an index outside. */
export function inclusionProof(leaves: readonly Uint8Array[], index: number, sha256: Sha256): Uint8Array[] {
  if (!isIndex(index, leaves.length)) throw new RangeError(`inclusionProof: index ${index} of ${leaves.length} leaves`);
  const proof: Uint8Array[] = [];
  const level = leaves.map((leaf) => leafHash(leaf, sha256));
  let position = index;
  while (level.length > 1) {
    const sibling = level[position % 2 === 0 ? position + 1 : position - 1];
    if (sibling) proof.push(sibling);
    riseOneLevel(level, sha256);
    position = Math.floor(position / 2);
  }
  return proof;
}

/**
 * Proof that the first `firstSize` leaves are a prefix of all, RFC 6962 §2.1.2; empty if they are all.
 * Throws RangeError unless 0 < firstSize ≤ number of leaves.
 */
export function consistencyProof(leaves: readonly Uint8Array[], firstSize: number, sha256: Sha256): Uint8Array[] {
  if (firstSize === 0 || !isIndex(firstSize, leaves.length + 1))
    throw new RangeError(`consistencyProof: ${firstSize} of ${leaves.length} leaves`);
  const proof: Uint8Array[] = [];
  let [from, to] = [0, leaves.length];
  let prefix = firstSize;
  let prefixIsKnown = true; // the verifier holds the root of a prefix that was never cut: the §2.1.2 flag b
  while (prefix < to - from) {
    const split = from + largestPowerOfTwoBelow(to - from);
    if (prefix <= split - from) {
      proof.push(merkleRoot(leaves.slice(split, to), sha256));
      to = split;
    } else {
      proof.push(merkleRoot(leaves.slice(from, split), sha256));
      prefix -= split - from;
      from = split;
      prefixIsKnown = false;
    }
  }
  if (!prefixIsKnown) proof.push(merkleRoot(leaves.slice(from, to), sha256));
  return proof.reverse();
}

/** A leaf's claim to stand at `index` of the `size` leaves under `root`. */
export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** True if the audit path leads from the leaf to the root. False, never an exception, on anything malformed. */
export function verifyInclusion({ leafHash, index, size, proof, root }: InclusionClaim, sha256: Sha256): boolean {
  if (!isIndex(index, size) || ![leafHash, root, ...proof].every(isHash)) return false;
  let node = leafHash;
  let position = index;
  let last = size - 1; // position of the last node of the level
  const path = proof.values();
  while (last > 0) {
    if (position % 2 === 1 || position < last) {
      const sibling = path.next().value;
      if (!sibling) return false;
      node = position % 2 === 1 ? nodeHash(sibling, node, sha256) : nodeHash(node, sibling, sha256);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return path.next().done === true && equalBytes(node, root);
}

/** The claim that the tree of `firstSize` leaves under `firstRoot` is a prefix of the tree of `secondSize` leaves under `secondRoot`. */
export interface ConsistencyClaim {
  readonly firstSize: number;
  readonly firstRoot: Uint8Array;
  readonly secondSize: number;
  readonly secondRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** True if the proof leads to both roots, RFC 9162 §2.1.4.2. False, never an exception, on anything malformed; an empty first tree is refused. */
export function verifyConsistency({ firstSize, firstRoot, secondSize, secondRoot, proof }: ConsistencyClaim, sha256: Sha256): boolean {
  if (firstSize === 0 || !isIndex(firstSize, secondSize + 1) || ![firstRoot, secondRoot, ...proof].every(isHash)) return false;
  if (firstSize === secondSize) return proof.length === 0 && equalBytes(firstRoot, secondRoot);

  let position = firstSize - 1;
  let last = secondSize - 1;
  while (position % 2 === 1) [position, last] = [Math.floor(position / 2), Math.floor(last / 2)];
  const path = proof.values();
  // A first tree of 2^n leaves is itself a node of the second, so the proof leaves it out.
  const start = position === 0 ? firstRoot : path.next().value;
  if (!start) return false;
  let [first, second] = [start, start];
  for (const sibling of path) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      first = nodeHash(sibling, first, sha256);
      second = nodeHash(sibling, second, sha256);
      while (position % 2 === 0 && position > 0) [position, last] = [position / 2, Math.floor(last / 2)];
    } else {
      second = nodeHash(second, sibling, sha256);
    }
    [position, last] = [Math.floor(position / 2), Math.floor(last / 2)];
  }
  return last === 0 && equalBytes(first, firstRoot) && equalBytes(second, secondRoot);
}

/** Replaces the nodes of one level by those above them; a last one without a sibling is its own parent. */
function riseOneLevel(level: Uint8Array[], sha256: Sha256): void {
  for (let at = 0; at < level.length; at += 2) {
    const right = level[at + 1];
    level[at / 2] = right ? nodeHash(level[at]!, right, sha256) : level[at]!;
  }
  level.length = Math.ceil(level.length / 2);
}

function largestPowerOfTwoBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

function isIndex(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === HASH_SIZE;
}
