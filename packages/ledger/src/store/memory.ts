import { compareBytes } from "../crypto/bytes.ts";
import type { KeyValueStore, LogWrite, RangeOptions, Write } from "./kv.ts";

type Entry = readonly [key: Uint8Array, value: Uint8Array];

interface Contents {
  readonly entries: Map<string, Entry>;
  /** The log, page by page. */
  readonly pages: Map<number, Uint8Array>;
}

const PAGE_BYTES = 65_536;

/** A KeyValueStore that lives and dies with its process: for tests and for browsers. Ranges sort at the call, so keep it small. */
export function createMemoryStore(): KeyValueStore {
  const contents: Contents = { entries: new Map(), pages: new Map() };
  let lastWrite = Promise.resolve();
  return {
    get: (key) => contents.entries.get(textOf(key))?.[1],
    write(batch) {
      lastWrite = lastWrite.then(() => apply(contents, batch));
      return lastWrite;
    },
    readLog: (position, target) => fillFromLog(contents, position, target),
    range: (options) => iterate(select([...contents.entries.values()], options)),
    keys: (options) => iterate(select([...contents.entries.values()], options).map(([key]) => key)),
    purge: async () => {},
    close: () => lastWrite,
  };
}

/** A Map compares keys by identity unless they are text: one character per byte. */
function textOf(key: Uint8Array): string {
  return String.fromCharCode(...key);
}

function apply(contents: Contents, batch: readonly Write[]): void {
  const { entries, pages } = contents;
  for (const write of batch) {
    if ("position" in write) writeLog(contents, write);
    else if ("dropBefore" in write) {
      for (const page of pages.keys()) if ((page + 1) * PAGE_BYTES <= write.dropBefore) pages.delete(page);
    } else if (write.value === undefined) entries.delete(textOf(write.key));
    else entries.set(textOf(write.key), [write.key.slice(), write.value.slice()]);
  }
}

function writeLog({ pages }: Contents, { position, bytes }: LogWrite): void {
  for (const { page, at, from, to } of pieces(position, bytes.length)) {
    const known = pages.get(page) ?? new Uint8Array();
    const written = new Uint8Array(Math.max(known.length, at + to - from));
    written.set(known);
    written.set(bytes.subarray(from, to), at);
    pages.set(page, written);
  }
}

function fillFromLog({ pages }: Contents, position: number, target: Uint8Array): boolean {
  for (const { page, at, from, to } of pieces(position, target.length)) {
    const bytes = pages.get(page)?.subarray(at, at + to - from) ?? new Uint8Array();
    if (bytes.length < to - from) return false;
    target.set(bytes, from);
  }
  return true;
}

/** What of `length` bytes from `position` on lies on which page, and where there. */
function* pieces(position: number, length: number) {
  for (let from = 0, to = 0; from < length; from = to) {
    const at = (position + from) % PAGE_BYTES;
    to = Math.min(length, from + PAGE_BYTES - at);
    yield { page: Math.floor((position + from) / PAGE_BYTES), at, from, to };
  }
}

function select(entries: readonly Entry[], { gte, lt, reverse = false, limit = entries.length }: RangeOptions): Entry[] {
  const inside = entries.filter(([key]) => compareBytes(key, gte) >= 0 && compareBytes(key, lt) < 0);
  inside.sort(([a], [b]) => (reverse ? compareBytes(b, a) : compareBytes(a, b)));
  return inside.slice(0, limit);
}

async function* iterate<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}
