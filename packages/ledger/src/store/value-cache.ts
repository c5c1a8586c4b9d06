type Value = Uint8Array | undefined;

/** Values by state key, the recently used ones within a budget of bytes; undefined is the value of a key that has none. */
export interface ValueCache {
  /** The cached value, or what `load` gives, which is then cached. */
  get(key: string): Value;
  put(key: string, value: Value): void;
}

/** What a Map entry with its key and typed array costs in Node 24 besides the bytes themselves. */
const ENTRY_BYTES = 400;

/**
 * Two generations of half the budget each: when the young one is full it becomes the old one, and what was used of the old one has moved
 * over by then. Nearly the order of a list of last uses, without its upkeep at every read.
 */
export function createValueCache(budgetBytes: number, load: (key: string) => Value): ValueCache {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  let youngBytes = 0;
  const put = (key: string, value: Value) => {
    const { size } = young;
    young.set(key, value);
    youngBytes += (young.size > size ? ENTRY_BYTES + key.length : 0) + (value === undefined ? 0 : value.length);
    if (2 * youngBytes <= budgetBytes) return;
    old = young;
    young = new Map();
    youngBytes = 0;
  };
  return {
    get(key) {
      const cached = young.get(key);
      if (cached !== undefined || young.has(key)) return cached;
      const value = old.has(key) ? old.get(key) : load(key);
      put(key, value);
      return value;
    },
    put,
  };
}
