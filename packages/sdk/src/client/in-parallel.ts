/** Runs `work` over all items, at most `limit` at a time, and gives the results in the order of the items. The first rejection ends it. */
export async function inParallel<T, R>(items: readonly T[], limit: number, work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  let isOver = false;
  const run = async () => {
    for (const [index, item] of queue) {
      if (isOver) return;
      results[index] = await work(item, index);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run));
  } finally {
    isOver = true;
  }
  return results;
}
