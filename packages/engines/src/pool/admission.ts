import { refusedResult, type TxResult } from "@galen/ledger/app/execute";
import type { Ledger } from "@galen/ledger/app/ledger";
import { Refusal } from "@galen/ledger/app/refusal";
import type { PreparedTransaction } from "@galen/ledger/tx/prepare";
import { maxDataBytes, sizeInBlock } from "../chain/block-size.ts";
import type { Submission } from "../engine.ts";
import { errors } from "../errors.ts";
import type { PendingTx } from "../pending.ts";
import type { Mempool } from "./mempool.ts";

/** About one full block later there is room again. */
const RETRY_AFTER_MS = 250;

/** The door to the pool. */
export interface Admission {
  /** Decodes bytes, or finds them decoded. Throws Refusal, also when the pool is full. */
  examine(bytes: Uint8Array): PreparedTransaction;
  /** Lets a transaction into the pool if its dry run, after all that wait before it, succeeds. Throws Refusal when the pool is full. */
  admit(prepared: PreparedTransaction): Submission;
  /** After a block: runs all that still wait again, drops what no longer passes and gives it back. */
  recheck(): void;
}

/** Admission to `pool` by dry runs on `ledger`; `blockLimit` is the chain's limit of a block in bytes. */
export function createAdmission({ ledger, pool, blockLimit }: { ledger: Ledger; pool: Mempool; blockLimit: () => number }): Admission {
  function requireRoom({ bytes, txHash }: PreparedTransaction): void {
    if (pool.get(txHash)) return;
    const maxBytes = maxDataBytes(blockLimit(), 1);
    if (sizeInBlock(bytes) > maxBytes) throw errors.TooLargeForBlock({ sizeBytes: bytes.length, maxBytes });
    if (!pool.hasRoomFor(bytes.length)) throw errors.PoolFull({ waiting: pool.txs, retryAfterMs: RETRY_AFTER_MS });
  }

  function passes({ prepared }: PendingTx): TxResult {
    try {
      return ledger.checkTx(ledger.prepare(prepared.bytes)); // another version may read the same bytes differently
    } catch (error) {
      if (error instanceof Refusal) return refusedResult(error);
      throw error;
    }
  }

  return {
    examine(bytes) {
      const prepared = ledger.prepare(bytes);
      requireRoom(prepared);
      return prepared;
    },
    admit(prepared) {
      const { txHash } = prepared;
      const known = pool.get(txHash);
      if (known) return { kind: "pending", txHash, result: known.result };
      requireRoom(prepared);
      const result = ledger.checkTx(prepared);
      if (result.code !== 0) return { kind: "refused", txHash, result };
      pool.add({ prepared, result, waiters: new Set() });
      return { kind: "pending", txHash, result };
    },
    recheck() {
      ledger.resetCheck();
      for (const pending of pool.waiting()) {
        const { refusal } = passes(pending);
        if (!refusal) continue;
        pool.drop(pending);
        const reason = errors.Dropped({ txHash: pending.prepared.txHash, refusal: refusal.id, sentence: refusal.sentence });
        for (const waiter of pending.waiters) waiter.reject(reason);
      }
    },
  };
}
