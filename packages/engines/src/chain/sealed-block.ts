import type { BlockRecord } from "./block-record.ts";
import type { SignedHeader } from "./tip.ts";

/** A transaction with its SHA-256 in lowercase hex, which is computed once on arrival. */
export interface BlockTx {
  readonly bytes: Uint8Array;
  readonly txHash: string;
}

/** What a block consisted of, and what it did. */
export interface ExecutedBlock {
  readonly txs: readonly BlockTx[];
  readonly record: BlockRecord;
}

/** A final block with what it did. */
export interface SealedBlock extends SignedHeader, ExecutedBlock {
  readonly height: number;
}
