import { type Inclusion, verifyTx } from "@galen/ledger/block/data";
import type { Header } from "@galen/ledger/block/header";
import { type TxResult, verifyResult } from "@galen/ledger/block/results";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { backwardFault } from "./verify.ts";

/** A transaction, its result and where both are committed to. */
export interface TxProof {
  readonly tx: Uint8Array;
  /** Path to `dataHash` of the transaction's block. */
  readonly txInclusion: Inclusion;
  readonly result: TxResult;
  /** Path to `lastResultsHash` of the block after. */
  readonly resultInclusion: Inclusion;
  /** Header of the transaction's block. */
  readonly header: Header;
}

export type TxProofFault = "header-not-linked" | "tx-not-in-block" | "result-not-in-block" | "result-of-another-tx";

/**
 * Checks that a transaction stands in a block and had this result. `nextHeader`, verified by the light client, is the header after the block: it
 * commits to the results, and through its `lastBlockId` to the block itself. Undefined if all holds.
 */
export function txProofFault(proof: TxProof, nextHeader: Header, crypto: CryptoProvider): TxProofFault | undefined {
  if (backwardFault(nextHeader, proof.header, crypto)) return "header-not-linked";
  if (!verifyTx(proof.tx, proof.txInclusion, proof.header.dataHash, crypto.sha256)) return "tx-not-in-block";
  if (!verifyResult(proof.result, proof.resultInclusion, nextHeader.lastResultsHash, crypto.sha256)) return "result-not-in-block";
  const isSamePlace = proof.txInclusion.index === proof.resultInclusion.index && proof.txInclusion.total === proof.resultInclusion.total;
  return isSamePlace ? undefined : "result-of-another-tx";
}
