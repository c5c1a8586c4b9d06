import { compareBytes } from "../crypto/bytes.ts";
import type { KeyValueStore, RangeOptions, Write } from "./kv.ts";

type Entry = readonly [key: Uint8Array, value: Uint8Array];

/** A KeyValueStore that lives and dies with its process: for tests and for browsers. Ranges sort at the call, so keep it small. */
export function createMemoryStore(): KeyValueStore {
  const entries = new Map<string, Entry>();
  let lastWrite = Promise.resolve();
  return {
    get: (key) => entries.get(textOf(key))?.[1],
    write(batch) {
      lastWrite = lastWrite.then(() => apply(entries, batch));
      return lastWrite;
    },
    range: (options) => iterate(select([...entries.values()], options)),
    close: () => lastWrite,
  };
}

/** A Map compares keys by identity unless they are text: one character per byte. */
function textOf(key: Uint8Array): string {
  return String.fromCharCode(...key);
}

function apply(entries: Map<string, Entry>, batch: readonly Write[]): void {
  for (const { key, value } of batch) {
    if (value === undefined) entries.delete(textOf(key));
    else entries.set(textOf(key), [key.slice(), value.slice()]);
  }
}

function select(entries: readonly Entry[], { gte, lt, reverse = false, limit = entries.length }: RangeOptions): Entry[] {
  const inside = entries.filter(([key]) => compareBytes(key, gte) >= 0 && compareBytes(key, lt) < 0);
  inside.sort(([a], [b]) => (reverse ? compareBytes(b, a) : compareBytes(a, b)));
  return inside.slice(0, limit);
}

async function* iterate(entries: readonly Entry[]): AsyncIterable<Entry> {
  yield* entries;
}
