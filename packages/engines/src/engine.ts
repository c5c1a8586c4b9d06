import type { TxResult } from "@galen/ledger/app/execute";
import type { Refusal } from "@galen/ledger/app/refusal";
import type { Block } from "@galen/ledger/block/block";
import type { Header } from "@galen/ledger/block/header";
import type { Validator } from "@galen/ledger/block/validator";
import type { BlockRecord } from "./chain/block-record.ts";
import type { ExecutedTx, TxOutcome } from "./chain/chain-store.ts";
import type { SealedBlock } from "./chain/sealed-block.ts";
import type { SignedHeader } from "./chain/tip.ts";

/** What became of bytes at the door: waiting for a block (`result` is the dry run's), or refused (`result.refusal` says why). */
export interface Submission {
  readonly kind: "pending" | "refused";
  /** SHA-256 of the bytes, lowercase hexadecimal. */
  readonly txHash: string;
  readonly result: TxResult;
}

/** What became of bytes in the end. `executed` does not mean success: its `result` may be a refusal. */
export type SubmissionOutcome = (Submission & { readonly kind: "refused" }) | (ExecutedTx & { readonly kind: "executed" });

/** How long to wait. Without either, as long as it takes. */
export interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface EngineStatus {
  readonly chainId: string;
  /** Of the last durable block; 0 before the first. */
  readonly height: number;
  /** The lowest height whose block is stored, or will be first: 1, except on a node that began at a snapshot. */
  readonly earliestHeight: number;
  readonly header: Header | undefined;
  readonly blockHash: Uint8Array;
  /** Of the state after that block; the next header carries it. */
  readonly appHash: Uint8Array;
  readonly pool: { readonly txs: number; readonly bytes: number };
}

/** `failed` is final: the cause must be removed and the process started again. */
export interface EngineHealth {
  readonly state: "running" | "stopping" | "stopped" | "failed";
  /** Why submissions are refused; undefined while running. */
  readonly refusal: Refusal | undefined;
}

/** Who orders transactions into blocks. Heights count from 1; what lies beyond the last durable block is undefined. */
export interface Engine {
  /** Admits a transaction to the pool after a dry run. The same bytes while they wait are admitted once. `bytes` must not be changed afterwards. */
  submit(bytes: Uint8Array): Promise<Submission>;
  /** Whether an admitted transaction is not durable yet. */
  isPending(txHash: string): boolean;
  /** Resolves when the transaction is durable in a block. Rejects with Refusal: engine/UnknownTransaction, Dropped, StillPending, StorageFailed, Halted. */
  waitFor(txHash: string, options?: WaitOptions): Promise<ExecutedTx>;
  /** `submit`, and `waitFor` what was admitted. */
  submitAndWait(bytes: Uint8Array, options?: WaitOptions): Promise<SubmissionOutcome>;
  /** Hears every block from the next on, once it is durable, in order. Returns the way to stop listening. */
  subscribe(listener: (block: SealedBlock) => void): () => void;
  block(height: number): Block | undefined;
  header(height: number): Header | undefined;
  /** The header with the commit that made it final. */
  commit(height: number): SignedHeader | undefined;
  /** What the block's execution gave. */
  results(height: number): BlockRecord | undefined;
  /** What the next header commits to of it. */
  outcomes(height: number): readonly TxOutcome[] | undefined;
  tx(txHash: string): ExecutedTx | undefined;
  /** The set that decides on `height`, in set order; known up to two above the last block. */
  validators(height: number): Promise<readonly Validator[] | undefined>;
  /** Proposer priorities of the set that decides on `height`, in set order, where proposers take turns and the turns are still known. */
  proposerPriorities(height: number): Promise<readonly bigint[] | undefined>;
  status(): EngineStatus;
  health(): EngineHealth;
  /** Resolves with the cause when the engine had to stop by itself; the process should log it and end. */
  readonly failure: Promise<unknown>;
  /** Refuses what arrives from now on, seals what waits, and resolves when all is durable. The store stays open: whoever opened it closes it. */
  stop(): Promise<void>;
}
