import { setImmediate } from "node:timers/promises";

export interface SealingLoop {
  /** Looks whether a block is due, and seals as long as one is. Returns at once. */
  kick(): void;
  /** Resolves when no block is being sealed. */
  idle(): Promise<void>;
}

/** Seals one block after the other while `isDue`. An exception ends it for good and goes to `fail`. */
export function createSealingLoop(options: {
  readonly isDue: () => boolean;
  readonly seal: () => Promise<void>;
  readonly fail: (cause: unknown) => void;
}): SealingLoop {
  let isRunning = false;
  let isBroken = false;
  let run: Promise<void> = Promise.resolve();

  async function sealWhileDue(): Promise<void> {
    try {
      await setImmediate(); // whatever arrives in this turn of the event loop joins the block
      while (options.isDue()) await options.seal();
    } catch (cause) {
      isBroken = true;
      options.fail(cause);
    } finally {
      isRunning = false;
    }
  }

  return {
    kick() {
      if (isRunning || isBroken) return;
      isRunning = true;
      run = sealWhileDue();
    },
    idle: () => run,
  };
}
