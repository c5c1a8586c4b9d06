import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "@galen/ledger/app/ledger";
import type { Refusal } from "@galen/ledger/app/refusal";
import type { PreparedTransaction } from "@galen/ledger/tx/prepare";
import type { Submission } from "../engine.ts";
import { errors } from "../errors.ts";
import type { Admission } from "../pool/admission.ts";
import type { Mempool } from "../pool/mempool.ts";
import type { SignatureCheck } from "./application/signature-check.ts";
import { broadcastTx } from "./broadcast-tx.ts";
import type { CometRpc } from "./rpc/comet-rpc.ts";

export interface SubmissionOptions {
  readonly ledger: Ledger;
  readonly pool: Mempool;
  readonly admission: Admission;
  readonly signatures: SignatureCheck;
  readonly rpc: CometRpc;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly emptyBlockIntervalMs: number;
  /** Why nothing is taken; undefined while the engine runs. */
  readonly refusal: () => Refusal | undefined;
}

/** A chain that moves has a block at least this much younger than an interval of empty ones. */
const STALE_TIME_MS = 30_000;
/** How long a submission waits for the chain's first blocks, beyond an interval of empty ones. */
const FRESHENING_MS = 2_000;
const RETRY_AFTER_MS = 1_000;
const PAUSE_MS = 20;

/** The way of a transaction that was sent to this node: checked as with the embedded engine, then handed to CometBFT. Throws Refusal. */
export function createSubmission(options: SubmissionOptions): (bytes: Uint8Array) => Promise<Submission> {
  const { ledger, pool, admission, signatures, rpc } = options;

  function requireRunning(): void {
    const refusal = options.refusal();
    if (refusal) throw refusal;
  }

  /** On a chain that stands still or is far behind, a dry run would judge by a time long past. */
  async function requireFresh(): Promise<void> {
    const deadline = performance.now() + options.emptyBlockIntervalMs + FRESHENING_MS;
    while (ledger.time < options.clock() - STALE_TIME_MS - options.emptyBlockIntervalMs) {
      if (performance.now() > deadline) throw errors.Behind({ retryAfterMs: RETRY_AFTER_MS });
      await sleep(PAUSE_MS);
      requireRunning();
    }
  }

  /** Under way, by txHash: bytes that come twice at once are handed over once, and both senders hear the same. */
  const handovers = new Map<string, Promise<void>>();

  function handOver(prepared: PreparedTransaction, isNew: boolean): Promise<void> {
    const { txHash } = prepared;
    const handover = handovers.get(txHash) ?? broadcast(prepared, isNew).finally(() => handovers.delete(txHash));
    handovers.set(txHash, handover);
    return handover;
  }

  /**
   * Sent again, bytes that wait already are handed over again: CometBFT may have had no room for them before. That it has none now says nothing of them: a full
   * mempool says so, too, of what it holds. Given up is only what nobody but this call has brought, and CometBFT has not taken.
   */
  async function broadcast({ bytes, txHash }: PreparedTransaction, isNew: boolean): Promise<void> {
    const added = isNew ? pool.get(txHash) : undefined;
    const refusal = await broadcastTx(rpc, bytes);
    if (!refusal || !added || pool.get(txHash) !== added) return;
    admission.withdraw(added, refusal);
    throw refusal;
  }

  return async (bytes) => {
    requireRunning();
    const prepared = admission.examine(bytes);
    await requireFresh();
    await signatures.verify(prepared);
    requireRunning();
    const isNew = pool.get(prepared.txHash) === undefined;
    const submission = admission.admit(prepared);
    if (submission.kind === "pending") await handOver(prepared, isNew);
    return submission;
  };
}
