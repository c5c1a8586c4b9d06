import type { TxResult } from "@galen/ledger/app/execute";
import type { Refusal } from "@galen/ledger/app/refusal";
import type { ExecutedTx } from "../chain/chain-store.ts";
import type { BlockTx } from "../chain/sealed-block.ts";
import type { WaitOptions } from "../engine.ts";
import { errors } from "../errors.ts";

/** Somebody who waits for a transaction's end. */
interface Waiter {
  resolve(executed: ExecutedTx): void;
  reject(refusal: Refusal): void;
}

/** An admitted transaction that is not durable yet. Not decoded: thousands may wait, and decoded they would be most of what the collector copies. */
export interface PendingTx extends BlockTx {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Of the dry run that admitted it. */
  readonly result: TxResult;
  readonly waiters: Set<Waiter>;
}

/** Resolves when the transaction is durable. Rejects with its own refusal, or engine/StillPending after the given time or signal. */
export function waitForPending({ txHash, waiters }: PendingTx, { signal, timeoutMs }: WaitOptions): Promise<ExecutedTx> {
  if (signal === undefined && timeoutMs === undefined) return new Promise((resolve, reject) => waiters.add({ resolve, reject }));
  const limits = [signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)].filter((limit) => limit !== undefined);
  return new Promise((resolve, reject) => {
    const waiter: Waiter = { resolve: (executed) => end(() => resolve(executed)), reject: (refusal) => end(() => reject(refusal)) };
    const giveUp = () => waiter.reject(errors.StillPending({ txHash }));
    waiters.add(waiter);
    for (const limit of limits) limit.addEventListener("abort", giveUp);
    if (limits.some((limit) => limit.aborted)) giveUp();

    function end(settle: () => void): void {
      waiters.delete(waiter);
      for (const limit of limits) limit.removeEventListener("abort", giveUp);
      settle();
    }
  });
}
