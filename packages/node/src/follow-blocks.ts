import type { Engine } from "@galen/engines/engine";
import { createTimeSlices } from "@galen/indexer/time-slices";

/** Something that takes in every durable block once, in order. */
export interface Follower {
  /** Of the last block that is taken in. */
  readonly height: number;
  /** Resolves when every block that was durable at the call is taken in. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Calls `apply` for every durable height after `from`, one at a time, and goes on with the new ones. After an error it stays where it is. */
export function followBlocks(options: {
  engine: Pick<Engine, "status" | "subscribe">;
  from: number;
  apply: (height: number) => Promise<void>;
  report: (error: unknown) => void;
}): Follower {
  const { engine, apply } = options;
  let height = options.from;
  let isStopped = false;
  let work = Promise.resolve();

  async function catchUp(): Promise<void> {
    const giveTurn = createTimeSlices(); // most blocks wait for nothing
    while (!isStopped && height < engine.status().height) {
      await apply(height + 1);
      height += 1;
      await giveTurn();
    }
  }

  function enqueue(): Promise<void> {
    work = work.then(catchUp).catch(options.report);
    return work;
  }

  const unsubscribe = engine.subscribe(() => void enqueue());
  void enqueue();
  return {
    get height() {
      return height;
    },
    caughtUp: enqueue,
    async stop() {
      unsubscribe();
      isStopped = true;
      await work;
    },
  };
}
