import { Worker } from "node:worker_threads";
import { packBatch } from "./batch.ts";

/** Starts the thread that verifies. */
export type StartThread = () => Worker;

export const startVerifyThread: StartThread = () => new Worker(new URL("./verify-worker.ts", import.meta.url));

/** One thread that verifies batches in the order in which it gets them, as long as it lives. */
export interface VerifyThread {
  /** It has started and not ended. */
  readonly isReady: boolean;
  /** Batches that it has and whose verdicts were not passed on. */
  readonly load: number;
  /** It is ready and takes another batch. */
  readonly hasRoom: boolean;
  /** It has answered more than was passed on. */
  readonly isAhead: boolean;
  /** Verdicts of the transactions, in order. Rejects when the thread dies first. */
  verify(transactions: readonly Uint8Array[]): Promise<readonly boolean[]>;
  close(): Promise<void>;
}

/**
 * About 50 ms of work: as long as the executing thread may be busy with a block and see no answer. With two, the verifying thread stood still
 * for most of each block, and what it had not verified was missing in the next.
 */
const BATCHES_IN_FLIGHT = 16;

/** Wraps the thread that `start` gives; `died` is called once if it ends before `close`. */
export function openVerifyThread(start: StartThread, died: (wasReady: boolean) => void): VerifyThread {
  const worker = start();
  const inFlight: PromiseWithResolvers<readonly boolean[]>[] = [];
  const answers: (readonly boolean[])[] = [];
  let state: "starting" | "ready" | "ended" = "starting";

  /**
   * One batch in a turn of the event loop: its transactions are executed in the same turn, and as long as answers come as fast as that, the disk
   * and everybody who asks would wait for the last of thousands.
   */
  function passOne(): void {
    const verdicts = answers.shift();
    if (verdicts === undefined) return; // the thread has ended since
    inFlight.shift()!.resolve(verdicts);
    if (answers.length > 0) setImmediate(passOne);
  }

  worker.on("message", (answer: "ready" | boolean[]) => {
    // What it had said before it was closed comes after that.
    if (answer === "ready") state = state === "starting" ? "ready" : state;
    else if (answers.push(answer) === 1) setImmediate(passOne);
  });
  // An error that nobody listens to would end the process; "exit" follows and does the rest.
  worker.on("error", () => {});
  worker.on("exit", () => {
    const wasReady = state === "ready";
    const wasClosed = state === "ended";
    state = "ended";
    answers.length = 0;
    for (const batch of inFlight.splice(0)) batch.reject(new Error("the thread ended"));
    if (!wasClosed) died(wasReady);
  });

  return {
    get isReady() {
      return state === "ready";
    },
    get load() {
      return inFlight.length;
    },
    get hasRoom() {
      return state === "ready" && inFlight.length < BATCHES_IN_FLIGHT;
    },
    get isAhead() {
      return answers.length > 0;
    },
    verify(transactions) {
      const batch = packBatch(transactions);
      const verdicts = Promise.withResolvers<readonly boolean[]>();
      inFlight.push(verdicts);
      worker.postMessage(batch, [batch.buffer]);
      return verdicts.promise;
    },
    async close() {
      state = "ended";
      await worker.terminate();
    },
  };
}
