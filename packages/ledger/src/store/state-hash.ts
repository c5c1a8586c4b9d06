import type { CryptoProvider } from "../crypto/provider.ts";

/**
 * The hashes of the state tree: a binary sparse Merkle tree over 256-bit paths, in which a subtree with one leaf is that leaf.
 *
 *     path  = SHA-256(state key)                              bit 0 is the highest bit of byte 0
 *     leaf  = SHA-256(SHA-256(path ‖ SHA-256(value)) ‖ TAG)
 *     inner = SHA-256(left ‖ right)
 *     empty = 32 zero bytes
 *
 * Every hash in the tree is of 64 bytes, so that a block's changes are hashed in batches.
 *
 * Why no node can be taken for another: a node's hash fixes its 64 bytes (collision resistance). A leaf ends in TAG, so an inner node
 * that is also a leaf would need a right child whose hash is TAG, that is a preimage of chosen text; the same holds for an empty
 * subtree and 32 zero bytes. SHA-256(path ‖ value hash) is never a node's hash by itself, it only stands inside a leaf.
 * So from a root downwards each position is exactly one of empty, leaf or inner; a leaf names its whole path, thus where it stands;
 * and two proofs that disagree about a key under one root would contain a collision or such a preimage.
 */
export const HASH_BYTES = 32;

/** Root of the empty tree and of every empty subtree. */
export const EMPTY_HASH: Uint8Array = new Uint8Array(HASH_BYTES);

/** Second half of every leaf: "galen/state/leaf", zero-padded to 32 bytes. */
export const LEAF_TAG: Uint8Array = tagOf("galen/state/leaf");

/** Length limit of a state key: prefix, a few ids in hexadecimal and separators; keeps key hashing bounded. */
export const MAX_STATE_KEY_LENGTH = 1024;

function tagOf(text: string): Uint8Array {
  const tag = new Uint8Array(HASH_BYTES);
  for (let i = 0; i < text.length; i++) tag[i] = text.charCodeAt(i);
  return tag;
}

/** The ASCII bytes of a state key, or undefined unless it has 1 to 1,024 characters from 0x20 to 0x7e. */
export function stateKeyBytes(key: string): Uint8Array | undefined {
  const bytes = new Uint8Array(key.length);
  return writeStateKey(key, bytes, 0) ? bytes : undefined;
}

/** Writes a state key from `at` on, where its bytes have room. False, with the place half written, as `stateKeyBytes` refuses. */
export function writeStateKey(key: string, target: Uint8Array, at: number): boolean {
  if (key.length === 0 || key.length > MAX_STATE_KEY_LENGTH) return false;
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    if (code < 0x20 || code > 0x7e) return false;
    target[at + i] = code;
  }
  return true;
}

/** Hash of the leaf for a path and the hash of its value, 32 bytes each. */
export function leafHash(crypto: CryptoProvider, keyHash: Uint8Array, valueHash: Uint8Array): Uint8Array {
  return hashPair(crypto, hashPair(crypto, keyHash, valueHash), LEAF_TAG);
}

/** SHA-256(left ‖ right): an inner node. */
export function hashPair(crypto: CryptoProvider, left: Uint8Array, right: Uint8Array): Uint8Array {
  const block = new Uint8Array(2 * HASH_BYTES);
  block.set(left);
  block.set(right, HASH_BYTES);
  const hash = new Uint8Array(HASH_BYTES);
  crypto.hashBlocks(block, hash);
  return hash;
}
