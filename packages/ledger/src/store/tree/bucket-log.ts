import type { KeyValueStore, LogWrite } from "../kv.ts";
import type { LogRange } from "../state-head.ts";
import { corruptTree, readRecordHead, visitRecords } from "./bucket-record.ts";
import { createPage, type Page } from "./page.ts";

/**
 * Where bucket records lie: one after the other in the order in which they were written, in pages whose rest is zero when no further record
 * fits. The newest pages are in memory, all others on disk. A record never changes; it is void when a later one is for its prefix, or for a
 * shorter or longer one of the same beginning. `clean-log.ts` makes the oldest pages free again, `replay-log.ts` reads all of them.
 */
export interface BucketLog {
  readonly read: KeyValueStore["readLog"];
  /** How many pages are kept in memory when no more must be. */
  readonly pageBudget: number;
  /** How much more than its share the log may take on disk: a small one is not cleaned at every block. */
  readonly slackBytes: number;
  /** The newest pages; records are added to the last. */
  readonly pages: Page[];
  /** Number of the first page in memory. */
  firstInMemory: number;
  /** Number of the oldest page that buckets of the latest version may lie on. */
  first: number;
  /** For each page from `first` on the buckets that were put there. */
  readonly residents: number[][];
  /** In bytes: where the next record goes, how far writes were handed out, how far these have resolved. */
  end: number;
  handedOut: number;
  settled: number;
  /** A page that was read from disk. */
  readonly scratch: Page;
  /** Records that were read from disk, the latest and those before. */
  recent: Recent;
  beforeRecent: Recent;
}

/** Records side by side, and where each begins by its position in the log. */
interface Recent {
  readonly page: Page;
  readonly places: Map<number, number>;
  end: number;
}

/** Whoever reads a value mostly changes it in the same block: then its bucket is asked for twice. */
const RECENT_WORDS = 2 ** 20;

export const LOG_PAGE_BYTES = 65_536;
/** With 170 MiB of memory for buckets, some 10 MiB. */
const SLACK_PER_CACHE = 16;
const PAGE_WORDS = LOG_PAGE_BYTES / 4;

/** An empty log that begins at a page. */
export function createBucketLog(read: BucketLog["read"], cacheBytes: number, firstPage: number): BucketLog {
  const start = firstPage * LOG_PAGE_BYTES;
  return {
    read,
    slackBytes: cacheBytes / SLACK_PER_CACHE,
    pageBudget: Math.floor(cacheBytes / LOG_PAGE_BYTES),
    pages: [createPage(PAGE_WORDS)],
    firstInMemory: firstPage,
    first: firstPage,
    residents: [[]],
    end: start,
    handedOut: start,
    settled: start,
    scratch: createPage(PAGE_WORDS),
    recent: createRecent(createPage(0)),
    beforeRecent: createRecent(createPage(0)),
  };
}

export function pageNumber(position: number): number {
  return Math.floor(position / LOG_PAGE_BYTES);
}

/** Word within its page. */
export function wordOf(position: number): number {
  return (position % LOG_PAGE_BYTES) / 4;
}

/** The page that records are added to. */
export function lastPage({ pages }: BucketLog): Page {
  return pages.at(-1)!;
}

/** The position of a new record of `words` on the last page, perhaps a new one. */
export function addRecord(log: BucketLog, words: number): number {
  const at = wordOf(log.end);
  // At the very end of a page, `end` is the beginning of the next.
  const isFull = pageNumber(log.end) > lastNumber(log);
  if (isFull || at + words > PAGE_WORDS) {
    if (!isFull) lastPage(log).words.fill(0, at);
    log.end = (lastNumber(log) + 1) * LOG_PAGE_BYTES;
    addPage(log);
  }
  const position = log.end;
  log.end += 4 * words;
  return position;
}

export function lastNumber({ firstInMemory, pages }: BucketLog): number {
  return firstInMemory + pages.length - 1;
}

/**
 * Takes the memory of the oldest page for a new one where the budget is used up or versions before the latest alone need that page, and what it holds is on
 * disk.
 */
export function addPage(log: BucketLog): Page {
  const { pages, residents, pageBudget } = log;
  let page: Page | undefined;
  const isDue = () => pages.length >= Math.max(1, pageBudget) || log.firstInMemory < log.first;
  while (isDue() && (log.firstInMemory + 1) * LOG_PAGE_BYTES <= log.settled) {
    page = pages.shift()!;
    log.firstInMemory += 1;
  }
  pages.push(page ?? createPage(PAGE_WORDS));
  residents.push([]);
  return pages.at(-1)!;
}

/** Makes an empty log the one that ends at `end`: as many of its newest pages come into memory as have room there. False where one of these is missing or damaged. */
export function resumeLog(log: BucketLog, end: number): boolean {
  log.end = end;
  log.handedOut = end;
  log.settled = end;
  while ((lastNumber(log) + 1) * LOG_PAGE_BYTES < end) addPage(log);
  return log.pages.every((page, i) => readWhole(log, page, (log.firstInMemory + i) * LOG_PAGE_BYTES));
}

/** Reads a page that begins at `start`; false where something else than whole records lies on it. */
function readWhole({ read, end }: BucketLog, page: Page, start: number): boolean {
  const size = Math.min(LOG_PAGE_BYTES, end - start);
  return read(start, page.bytes.subarray(0, size)) && visitRecords(page, size / 4, () => {});
}

/** Tells that `bucket` lies at `position`. */
export function addResident({ first, residents }: BucketLog, position: number, bucket: number): void {
  residents[pageNumber(position) - first]!.push(bucket);
}

/** Where a record lies in memory. */
export interface LoadedRecord {
  readonly page: Page;
  readonly at: number;
}

/** A record, from memory or from disk until the next call. Throws StoreError StateCorrupt. */
export function loadRecord(log: BucketLog, position: number, words: number): LoadedRecord {
  const number = pageNumber(position);
  if (number >= log.firstInMemory) return { page: log.pages[number - log.firstInMemory]!, at: wordOf(position) };
  return findRecent(log.recent, position) ?? findRecent(log.beforeRecent, position) ?? readRecord(log, position, words);
}

function findRecent({ page, places }: Recent, position: number): LoadedRecord | undefined {
  const at = places.get(position);
  return at === undefined ? undefined : { page, at };
}

function readRecord(log: BucketLog, position: number, words: number): LoadedRecord {
  if (log.recent.end + words > log.recent.page.words.length) {
    const { page } = log.beforeRecent;
    log.beforeRecent = log.recent;
    log.recent = createRecent(page.words.length === RECENT_WORDS ? page : createPage(RECENT_WORDS));
  }
  const { page, places, end: at } = log.recent;
  if (!log.read(position, page.bytes.subarray(4 * at, 4 * (at + words))) || !readRecordHead(page, at, at + words)) throw corruptTree();
  places.set(position, at);
  log.recent.end += words;
  return { page, at };
}

function createRecent(page: Page): Recent {
  return { page, places: new Map(), end: 0 };
}

/** A page that is not the last, from memory or from disk until the next call. Throws StoreError StateCorrupt. */
export function wholePage(log: BucketLog, number: number): Page {
  if (number >= log.firstInMemory) return log.pages[number - log.firstInMemory]!;
  if (!log.read(number * LOG_PAGE_BYTES, log.scratch.bytes)) throw corruptTree();
  return log.scratch;
}

/** From where to where the latest version needs the log. */
export function logRange({ first, end }: BucketLog): LogRange {
  return { from: first * LOG_PAGE_BYTES, end };
}

/** Tells that the writes up to `position` are on disk: their pages may leave the memory. */
export function settleLog(log: BucketLog, position: number): void {
  log.settled = position;
}

/** The writes of all records added since the last call. */
export function takeWrites(log: BucketLog): LogWrite[] {
  const writes: LogWrite[] = [];
  while (log.handedOut < log.end) {
    const number = pageNumber(log.handedOut);
    const start = number * LOG_PAGE_BYTES;
    const end = Math.min(log.end, start + LOG_PAGE_BYTES);
    const { bytes } = log.pages[number - log.firstInMemory]!;
    writes.push({ position: log.handedOut, bytes: bytes.subarray(log.handedOut - start, end - start) });
    log.handedOut = end;
  }
  return writes;
}
