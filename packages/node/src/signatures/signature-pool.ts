import { errors } from "@galen/engines/errors";
import { verifyTransaction } from "@galen/ledger/tx/prepare";
import { nativeCrypto } from "../crypto/native.ts";
import { openVerifyThread, type StartThread, startVerifyThread, type VerifyThread } from "./verify-thread.ts";

/** Verifies the signatures of transactions beside the thread that executes them. */
export interface SignaturePool {
  /**
   * Whether every signature of the transaction in `bytes` fits: `nativeCrypto`'s verdict, wherever it was reached; false of bytes that are no
   * transaction. Rejects with Refusal engine/PoolFull when too many wait.
   */
  verify(bytes: Uint8Array): Promise<boolean>;
  /** Ends the threads; what still waits is verified here. */
  close(): Promise<void>;
}

export interface SignaturePoolOptions {
  /** How many threads, 0 for none: then this thread verifies. Default 1: beside the one that executes, on two cores. */
  readonly workers?: number;
  /** How many transactions may wait. Default 20,000: about a second's work. */
  readonly maxWaiting?: number;
  readonly startThread?: StartThread;
}

/** Large enough that sending costs little per transaction, small enough that the first of it does not wait long (about 3 ms). */
const MAX_BATCH = 64;
/** So few are verified here in less time than it takes to wake a thread. */
const INLINE_BATCH = 2;
/** What this thread takes itself in a turn of its event loop while no thread has room: little, as verdicts that come meanwhile wait for it. */
const HELP_BATCH = 4;
/** A thread that dies so often in a row before it was ready will not start the next time either. */
const MAX_FAILED_STARTS = 3;
const RETRY_AFTER_MS = 250;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly verdict: PromiseWithResolvers<boolean>;
}

/**
 * Starts the threads. What arrives in one turn of the event loop goes out together: to this thread when it is little or no thread is ready,
 * to a thread with room otherwise. When none has room it waits, the next batch is the larger, and this thread verifies between its other turns,
 * unless verdicts wait for it already: then it is the one that everything waits for.
 */
export function createSignaturePool(options: SignaturePoolOptions = {}): SignaturePool {
  const { workers = 1, maxWaiting = 20_000, startThread = startVerifyThread } = options;
  const threads = new Set<VerifyThread>();
  const waiting: Waiting[] = [];
  let isScheduled = false;
  let isClosed = false;
  let failedStarts = 0;

  function addThread(): void {
    const thread = openVerifyThread(startThread, (wasReady) => {
      threads.delete(thread);
      failedStarts = wasReady ? 0 : failedStarts + 1;
      if (failedStarts < MAX_FAILED_STARTS) addThread();
      dispatch();
    });
    threads.add(thread);
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      dispatch();
    });
  }

  function dispatch(): void {
    const ready = [...threads].filter((thread) => thread.isReady);
    const isIdle = ready.every(({ load }) => load === 0);
    if (isClosed || ready.length === 0 || (isIdle && waiting.length <= INLINE_BATCH)) {
      verifyHere(waiting.splice(0));
      return;
    }
    while (waiting.length > 0) {
      const thread = ready.reduce((least, other) => (other.load < least.load ? other : least));
      if (!thread.hasRoom) {
        if (ready.some(({ isAhead }) => isAhead)) return;
        verifyHere(waiting.splice(0, HELP_BATCH));
        if (waiting.length > 0) schedule();
        return;
      }
      void sendTo(thread, waiting.splice(0, MAX_BATCH));
    }
  }

  async function sendTo(thread: VerifyThread, batch: readonly Waiting[]): Promise<void> {
    try {
      const verdicts = await thread.verify(batch.map(({ bytes }) => bytes));
      for (const [i, { verdict }] of batch.entries()) verdict.resolve(verdicts[i]!);
    } catch {
      verifyHere(batch);
    }
    dispatch();
  }

  for (let i = 0; i < workers; i++) addThread();
  return {
    verify(bytes) {
      if (waiting.length >= maxWaiting) return Promise.reject(errors.PoolFull({ waiting: waiting.length, retryAfterMs: RETRY_AFTER_MS }));
      const verdict = Promise.withResolvers<boolean>();
      waiting.push({ bytes, verdict });
      schedule();
      return verdict.promise;
    },
    async close() {
      isClosed = true;
      dispatch();
      await Promise.all([...threads].map((thread) => thread.close()));
    },
  };
}

function verifyHere(batch: readonly Waiting[]): void {
  for (const { bytes, verdict } of batch) verdict.resolve(verifyTransaction(bytes, nativeCrypto));
}
