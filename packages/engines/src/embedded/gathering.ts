/** Holds a block back while more transactions are on their way to it than are in it: what a block costs by itself is then shared by many. */
export interface Gathering {
  /** Resolves when there is nothing more to wait for, or it has taken too long. */
  wait(): Promise<void>;
  /** Looks again whether there is. Returns at once. */
  check(): void;
}

/** From so many on, a block's own costs weigh little in each, and more of them would only keep the event loop longer. */
const ENOUGH_TXS = 512;
/** As long as that many signatures take on a slow machine. Whoever sends signatures that take longer does not hold up the others for it. */
const MAX_WAIT_MS = 100;

/** `waiting` counts the transactions that the next block would take, `arriving` those that may yet join it. */
export function createGathering(waiting: () => number, arriving: () => number): Gathering {
  let gathered: PromiseWithResolvers<void> | undefined;

  function isGathered(): boolean {
    return waiting() >= Math.min(arriving(), ENOUGH_TXS);
  }

  return {
    async wait() {
      if (isGathered()) return;
      gathered = Promise.withResolvers();
      const timer = setTimeout(gathered.resolve, MAX_WAIT_MS);
      await gathered.promise;
      clearTimeout(timer);
      gathered = undefined;
    },
    check() {
      if (gathered && isGathered()) gathered.resolve();
    },
  };
}
