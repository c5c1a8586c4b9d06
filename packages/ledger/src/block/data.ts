import { inclusionProof, leafHash, merkleRoot, type Sha256, verifyInclusion } from "../crypto/rfc6962.ts";

/** Where a leaf stands among `total`, with the hashes from its sibling up to a child of the root (CometBFT calls them aunts). */
export interface Inclusion {
  readonly index: number;
  readonly total: number;
  readonly aunts: readonly Uint8Array[];
}

/** `dataHash` of a header: RFC 6962 root whose leaves are the transactions' SHA-256 hashes (cometbft types/tx.go). */
export function dataHash(txs: readonly Uint8Array[], sha256: Sha256): Uint8Array {
  return merkleRoot(hashes(txs, sha256), sha256);
}

/** Proof that the transaction at `index` is under `dataHash(txs)`. Throws RangeError on an index outside. */
export function proveTx(txs: readonly Uint8Array[], index: number, sha256: Sha256): Inclusion {
  return { index, total: txs.length, aunts: inclusionProof(hashes(txs, sha256), index, sha256) };
}

/** True if the proof leads from the transaction's bytes to `dataHash`. */
export function verifyTx(tx: Uint8Array, proof: Inclusion, dataHash: Uint8Array, sha256: Sha256): boolean {
  const { index, total: size, aunts } = proof;
  return verifyInclusion({ leafHash: leafHash(sha256(tx), sha256), index, size, proof: aunts, root: dataHash }, sha256);
}

function hashes(txs: readonly Uint8Array[], sha256: Sha256): Uint8Array[] {
  return txs.map((tx) => sha256(tx));
}
