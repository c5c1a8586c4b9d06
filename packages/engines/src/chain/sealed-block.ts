import type { BlockRecord } from "./block-record.ts";
import type { SignedHeader } from "./tip.ts";

/** A transaction with its SHA-256 in lowercase hex, which is computed once on arrival. */
export interface BlockTx {
  readonly bytes: Uint8Array;
  readonly txHash: string;
}

/** A final block with what it did. */
export interface SealedBlock extends SignedHeader {
  readonly height: number;
  readonly txs: readonly BlockTx[];
  readonly record: BlockRecord;
}
