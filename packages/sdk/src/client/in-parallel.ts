/**
 * Runs `work` over all items, at most `limit` at a time, and gives the results in the order of the items. The first rejection ends it: no other item is
 * begun, `over` aborts with it, and it is what rejects here once nothing runs any more.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number, over: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  const ending = new AbortController();
  const run = async () => {
    for (const [index, item] of queue) {
      if (ending.signal.aborted) return;
      try {
        results[index] = await work(item, index, ending.signal);
      } catch (error) {
        ending.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run));
  ending.signal.throwIfAborted();
  return results;
}
