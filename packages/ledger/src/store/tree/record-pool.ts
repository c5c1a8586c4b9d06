import { createPage, type Page } from "./page.ts";

const PAGE_BYTES = 1 << 20;

/**
 * Records of a fixed number of 32-bit words, known by a number from 1, in pages of about 1 MB that never move. A million tree nodes as
 * objects would cost ten times the memory and all of the garbage collector's time.
 */
export interface RecordPool {
  readonly recordWords: number;
  /** How many records a page holds: a power of two, 2^pageBits. */
  readonly pageBits: number;
  readonly pages: Page[];
  readonly free: number[];
  /** The highest number given out so far. */
  lastNumber: number;
}

export function createRecordPool(recordWords: number): RecordPool {
  return { recordWords, pageBits: 31 - Math.clz32(PAGE_BYTES / (4 * recordWords)), pages: [], free: [], lastNumber: 0 };
}

export function pageWords({ recordWords, pageBits }: RecordPool): number {
  return recordWords << pageBits;
}

/** Number of a record that is not in use. Its words are whatever they were. */
export function takeRecord(pool: RecordPool): number {
  const freed = pool.free.pop();
  if (freed !== undefined) return freed;
  const number = ++pool.lastNumber;
  if (number >>> pool.pageBits >= pool.pages.length) pool.pages.push(createPage(pageWords(pool)));
  return number;
}

export function releaseRecord(pool: RecordPool, number: number): void {
  pool.free.push(number);
}

/** The page on which record `number` lies. */
export function pageOf(pool: RecordPool, number: number): Page {
  return pool.pages[number >>> pool.pageBits]!;
}

/** Where in the words of its page record `number` begins. */
export function wordAt(pool: RecordPool, number: number): number {
  return (number & ((1 << pool.pageBits) - 1)) * pool.recordWords;
}
