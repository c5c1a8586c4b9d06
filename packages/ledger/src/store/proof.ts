import { equalBytes } from "../crypto/bytes.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { EMPTY_HASH, HASH_BYTES, hashPair, leafHash, stateKeyBytes } from "./state-hash.ts";
import { bitAt, PATH_BITS, sharedBits } from "./tree/paths.ts";

/** What stands at the place of a key: its own leaf, nothing, or the leaf of another key. */
export type ProofEnd = { readonly kind: "present" } | { readonly kind: "empty" } | NeighbourEnd;

/** The leaf that stands alone where the absent key would be; neither its key nor its value can be read from it. */
export interface NeighbourEnd {
  readonly kind: "neighbour";
  readonly keyHash: Uint8Array;
  readonly valueHash: Uint8Array;
}

/** That a key has a certain value, or has none, under a state root. */
export interface StateProof {
  readonly end: ProofEnd;
  /** Hashes of the siblings on the way from the root down, 32 bytes each, at most 256; an empty sibling is 32 zero bytes. */
  readonly siblings: readonly Uint8Array[];
}

/** `value` undefined asks for the proof of absence. All may come from a stranger. */
export interface StateClaim {
  readonly crypto: CryptoProvider;
  /** 32 bytes, from a header that was verified. */
  readonly root: Uint8Array;
  readonly key: string;
  readonly value: Uint8Array | undefined;
  readonly proof: StateProof;
}

/** True when `proof` shows that under `root` the key has this value (or is absent). False on anything else, never throws. */
export function verifyStateProof({ crypto, root, key, value, proof }: StateClaim): boolean {
  const keyBytes = stateKeyBytes(key);
  if (keyBytes === undefined || root.length !== HASH_BYTES || !isWellFormed(proof)) return false;
  const path = crypto.sha256(keyBytes);
  const end = endHash(crypto, path, value, proof);
  return end !== undefined && equalBytes(climb(crypto, path, end, proof.siblings), root);
}

/** The hash at the key's place, or undefined when this kind of proof cannot show the claim. */
function endHash(crypto: CryptoProvider, path: Uint8Array, value: Uint8Array | undefined, proof: StateProof): Uint8Array | undefined {
  const { end, siblings } = proof;
  if (end.kind === "present") return value === undefined ? undefined : leafHash(crypto, path, crypto.sha256(value));
  if (value !== undefined) return undefined;
  if (end.kind === "empty") return EMPTY_HASH;
  // A neighbour counts only where the key itself would have to stand, and only if it is another key.
  const shared = sharedBits(path, 0, end.keyHash, 0);
  return shared >= siblings.length && shared < PATH_BITS ? leafHash(crypto, end.keyHash, end.valueHash) : undefined;
}

function climb(crypto: CryptoProvider, path: Uint8Array, end: Uint8Array, siblings: readonly Uint8Array[]): Uint8Array {
  let hash = end;
  for (let depth = siblings.length - 1; depth >= 0; depth--) {
    const sibling = siblings[depth]!;
    hash = bitAt(path, 0, depth) === 0 ? hashPair(crypto, hash, sibling) : hashPair(crypto, sibling, hash);
  }
  return hash;
}

/** Right lengths, and no empty sibling at the end: whatever stands alone in a subtree stands at the subtree's own place. */
function isWellFormed({ end, siblings }: StateProof): boolean {
  if (siblings.length > PATH_BITS || !siblings.every((sibling) => sibling.length === HASH_BYTES)) return false;
  if (end.kind === "neighbour" && (end.keyHash.length !== HASH_BYTES || end.valueHash.length !== HASH_BYTES)) return false;
  const last = siblings.at(-1);
  return last === undefined || !equalBytes(last, EMPTY_HASH);
}

const KINDS = ["present", "empty", "neighbour"] as const;
const HEAD_BYTES = 3;

/**
 * Binary form: kind (1 byte: 0 present, 1 empty, 2 neighbour), number of siblings (2 bytes, big endian), one bit per sibling from the
 * root down (highest bit first, 1 = not empty, padded with 0), the siblings that are not empty, and for a neighbour its key hash and
 * value hash.
 */
export function encodeStateProof({ end, siblings }: StateProof): Uint8Array {
  const full = siblings.filter((sibling) => !equalBytes(sibling, EMPTY_HASH));
  const parts = end.kind === "neighbour" ? [...full, end.keyHash, end.valueHash] : full;
  const bitmapBytes = Math.ceil(siblings.length / 8);
  const bytes = new Uint8Array(HEAD_BYTES + bitmapBytes + HASH_BYTES * parts.length);
  bytes[0] = KINDS.indexOf(end.kind);
  bytes[1] = siblings.length >>> 8;
  bytes[2] = siblings.length & 0xff;
  siblings.forEach((sibling, depth) => {
    if (!equalBytes(sibling, EMPTY_HASH)) bytes[HEAD_BYTES + (depth >>> 3)]! |= 0x80 >>> (depth & 7);
  });
  parts.forEach((part, i) => {
    bytes.set(part, HEAD_BYTES + bitmapBytes + HASH_BYTES * i);
  });
  return bytes;
}

/** The proof in `bytes`, or undefined unless `bytes` is exactly what `encodeStateProof` makes of it. */
export function decodeStateProof(bytes: Uint8Array): StateProof | undefined {
  const kind = KINDS[bytes[0] ?? KINDS.length];
  const count = ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0);
  if (kind === undefined || bytes.length < HEAD_BYTES || count > PATH_BITS) return undefined;
  const bitmapBytes = Math.ceil(count / 8);
  const bits = Array.from({ length: count }, (_, depth) => bitAt(bytes, HEAD_BYTES, depth));
  const fullCount = bits.filter((bit) => bit === 1).length;
  const partCount = fullCount + (kind === "neighbour" ? 2 : 0);
  if (bytes.length !== HEAD_BYTES + bitmapBytes + HASH_BYTES * partCount) return undefined;

  const parts = Array.from({ length: partCount }, (_, i) => {
    const start = HEAD_BYTES + bitmapBytes + HASH_BYTES * i;
    return bytes.slice(start, start + HASH_BYTES);
  });
  let next = 0;
  const siblings = bits.map((bit) => (bit === 1 ? parts[next++]! : EMPTY_HASH));
  const end: ProofEnd = kind === "neighbour" ? { kind, keyHash: parts[fullCount]!, valueHash: parts[fullCount + 1]! } : { kind };
  const proof = { end, siblings };
  return isWellFormed(proof) && equalBytes(encodeStateProof(proof), bytes) ? proof : undefined;
}
