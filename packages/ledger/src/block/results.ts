import { concatBytes } from "../crypto/bytes.ts";
import { inclusionProof, leafHash, merkleRoot, type Sha256, verifyInclusion } from "../crypto/rfc6962.ts";
import type { Inclusion } from "./data.ts";
import { fieldPieces, varintField } from "./protobuf.ts";

/** The part of a transaction's result that all nodes agree on (cometbft types/results.go deterministicExecTxResult). */
export interface TxResult {
  /** 0 for success; a module's error number otherwise. */
  readonly code: number;
  readonly data: Uint8Array;
  readonly gasWanted: number;
  readonly gasUsed: number;
}

/** RFC 6962 root over a block's results in order: `lastResultsHash` of the next header. */
export function resultsHash(results: readonly TxResult[], sha256: Sha256): Uint8Array {
  return merkleRoot(results.map(encodeResult), sha256);
}

/** Proof that the result at `index` is under `resultsHash(results)`. Throws RangeError on an index outside. */
export function proveResult(results: readonly TxResult[], index: number, sha256: Sha256): Inclusion {
  return { index, total: results.length, aunts: inclusionProof(results.map(encodeResult), index, sha256) };
}

/** True if the proof leads from the result to `lastResultsHash`, a field of the header after the transaction's block. */
export function verifyResult(result: TxResult, proof: Inclusion, lastResultsHash: Uint8Array, sha256: Sha256): boolean {
  const { index, total: size, aunts } = proof;
  return verifyInclusion({ leafHash: leafHash(encodeResult(result), sha256), index, size, proof: aunts, root: lastResultsHash }, sha256);
}

function encodeResult({ code, data, gasWanted, gasUsed }: TxResult): Uint8Array {
  const dataPieces = data.length === 0 ? [] : fieldPieces(2, 2, data);
  return concatBytes([varintField(1, code), ...dataPieces, varintField(5, gasWanted), varintField(6, gasUsed)]);
}
