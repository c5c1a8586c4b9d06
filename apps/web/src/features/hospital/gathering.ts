/** Runs that go on side by side and now and then need a yes. */
export interface Gathering<Item> {
  /** Does `work`, which hands in what needs a yes and waits for it; rejects as `ask` does. */
  run<R>(work: (agree: (item: Item) => Promise<void>) => Promise<R>): Promise<R>;
}

interface Waiting<Item> {
  readonly run: symbol;
  readonly item: Item;
  readonly answer: PromiseWithResolvers<void>;
}

/**
 * Gathers what several runs want to ask, and asks once for all of it when none of them can go on without an answer: somebody who files for ten patients looks
 * at ten acts on one sheet. Never asks twice at a time.
 */
export function createGathering<Item>(ask: (items: readonly Item[]) => Promise<void>): Gathering<Item> {
  const running = new Set<symbol>();
  let waiting: Waiting<Item>[] = [];
  let isAsking = false;

  async function askIfAllWait(): Promise<void> {
    const waits = new Set(waiting.map(({ run }) => run));
    if (isAsking || waiting.length === 0 || waits.size < running.size) return;
    const asked = waiting;
    waiting = [];
    isAsking = true;
    try {
      await ask(asked.map(({ item }) => item));
      for (const { answer } of asked) answer.resolve();
    } catch (error) {
      for (const { answer } of asked) answer.reject(error);
    }
    isAsking = false;
    await askIfAllWait();
  }

  return {
    async run(work) {
      const run = Symbol("run");
      running.add(run);
      try {
        return await work((item) => {
          const answer = Promise.withResolvers<void>();
          waiting.push({ run, item, answer });
          // After those that are started in the same breath.
          queueMicrotask(() => void askIfAllWait());
          return answer.promise;
        });
      } finally {
        running.delete(run);
        void askIfAllWait();
      }
    },
  };
}
