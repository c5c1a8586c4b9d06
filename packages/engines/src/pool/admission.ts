import { refusedResult, type TxResult } from "@galen/ledger/app/execute";
import type { Ledger } from "@galen/ledger/app/ledger";
import { Refusal } from "@galen/ledger/app/refusal";
import { sizeInBlock } from "@galen/ledger/block/block-size";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import type { PreparedTransaction } from "@galen/ledger/tx/prepare";
import type { Submission } from "../engine.ts";
import { errors } from "../errors.ts";
import type { Mempool } from "./mempool.ts";
import type { PendingTx } from "./pending.ts";

/** About one full block later there is room again. */
const RETRY_AFTER_MS = 250;

/** The door to the pool, the same for every engine. */
export interface Admission {
  /** Throws Refusal when there is no room for these bytes: they are more than a block takes, or new and the pool is full. */
  requireRoom(bytes: Uint8Array): void;
  /** Decodes bytes, or finds them decoded. Throws Refusal, also when the pool is full. */
  examine(bytes: Uint8Array): PreparedTransaction;
  /** Lets a transaction into the pool if its dry run, after all that wait before it, succeeds. Throws Refusal when the pool is full. */
  admit(prepared: PreparedTransaction): Submission;
  /** A block was executed, and dry runs have begun anew. Those that wait are run before the next one that is refused, and may then pass because of them. */
  renew(): void;
  /** Runs one that waits again, after a block; drops it, and tells its waiters, when it no longer passes. */
  recheck(pending: PendingTx): TxResult;
  /** Gives up on one that waits. */
  drop(pending: PendingTx, reason: Refusal): void;
  /** Gives up on one that has only just been admitted, as if it had not come: what follows is judged without it, also the same bytes. */
  withdraw(pending: PendingTx, reason: Refusal): void;
}

export interface AdmissionOptions {
  readonly ledger: Ledger;
  readonly pool: Mempool;
  readonly sha256: Sha256;
  /** The room for transactions in a block. */
  readonly maxTxBytes: () => number;
  /** Hears an error of our own in the dry run of one that waits, which is refused then. */
  readonly report: (error: unknown) => void;
}

/** What a check comes to that threw: a refusal, or an error of our own, which is reported and keeps the transaction out. */
export function failedCheck(error: unknown, report: AdmissionOptions["report"]): TxResult {
  if (error instanceof Refusal) return refusedResult(error);
  report(error);
  return refusedResult(errors.CheckFailed());
}

/** Admission to `pool` by dry runs on `ledger`. */
export function createAdmission({ ledger, pool, sha256, maxTxBytes, report }: AdmissionOptions): Admission {
  /** Whether the dry runs since the last block began with all that waited. */
  let haveWaitingRun = true;

  function requireRoom(bytes: Uint8Array): void {
    const maxBytes = maxTxBytes();
    const fitsBlock = sizeInBlock(bytes) <= maxBytes;
    if ((fitsBlock && pool.hasRoomFor(bytes.length)) || pool.get(bytesToHex(sha256(bytes)))) return;
    if (!fitsBlock) throw errors.TooLargeForBlock({ sizeBytes: bytes.length, maxBytes });
    throw errors.PoolFull({ waiting: pool.txs, retryAfterMs: RETRY_AFTER_MS });
  }

  function passes({ bytes }: PendingTx): TxResult {
    try {
      return ledger.checkTx(ledger.prepare(bytes)); // another version may read the same bytes differently
    } catch (error) {
      return failedCheck(error, report);
    }
  }

  /** What waits is often in the next block before anybody builds on it. */
  function dryRun(prepared: PreparedTransaction): TxResult {
    const result = ledger.checkTx(prepared);
    if (result.code === 0 || haveWaitingRun) return result;
    haveWaitingRun = true;
    for (const pending of pool.waiting()) passes(pending);
    return ledger.checkTx(prepared);
  }

  function drop(pending: PendingTx, reason: Refusal): void {
    pool.drop(pending);
    for (const waiter of pending.waiters) waiter.reject(reason);
  }

  return {
    requireRoom,
    examine(bytes) {
      const prepared = ledger.prepare(bytes);
      requireRoom(bytes);
      return prepared;
    },
    admit(prepared) {
      const { bytes, txHash, transaction } = prepared;
      const known = pool.get(txHash);
      if (known) return { kind: "pending", txHash, result: known.result };
      requireRoom(bytes);
      const result = dryRun(prepared);
      if (result.code !== 0) return { kind: "refused", txHash, result };
      pool.add({ bytes, txHash, expiresAt: transaction.body.expiresAt, result, waiters: new Set() });
      return { kind: "pending", txHash, result };
    },
    renew() {
      haveWaitingRun = false;
    },
    recheck(pending) {
      const result = passes(pending);
      const { refusal } = result;
      if (refusal) drop(pending, errors.Dropped({ txHash: pending.txHash, refusal: refusal.id, sentence: refusal.sentence }));
      return result;
    },
    drop,
    withdraw(pending, reason) {
      drop(pending, reason);
      ledger.resetCheck();
      haveWaitingRun = false;
    },
  };
}
