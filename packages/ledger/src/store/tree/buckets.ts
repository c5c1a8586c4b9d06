import { addRecord, addResident, type BucketLog, createBucketLog, lastPage, loadRecord, wordOf } from "./bucket-log.ts";
import {
  corruptTree,
  EMPTY_RECORD_WORDS,
  LEAVES_AT,
  MAX_BUCKET_LEAVES,
  readValues,
  recordWords,
  rootAtOf,
  writeEmptyRecord,
  writeRecord,
} from "./bucket-record.ts";
import { createPlaces, type LeafList, type LeafValues, type Leaves, listedLeaves } from "./leaf.ts";
import { HASH_WORDS } from "./levels.ts";
import { copyWords, type Page } from "./page.ts";
import { createRecordPool, pageOf, type RecordPool, releaseRecord, takeRecord, wordAt } from "./record-pool.ts";

/** The buckets of all kept versions, by number from 1. A bucket never changes: a change makes a new one. */
export interface Buckets {
  /** Per bucket: number of leaves and words of its record, 1 if the latest version has it no more, its place. */
  readonly entries: RecordPool;
  readonly log: BucketLog;
  /** Whether short values lie with their leaves. */
  readonly keepsValues: boolean;
  /** What the records of the latest version take in the log. */
  liveBytes: number;
  /** Where the values of the bucket lie that was loaded last. */
  readonly loaded: Omit<LeafValues, "page">;
}

const ENTRY_WORDS = 4;
/** Words of the record times 2^8, plus the number of leaves. */
const SIZE = 0;
const COUNT_BITS = 8;
const COUNT_MASK = (1 << COUNT_BITS) - 1;
const STALE = 1;
/** Position in the log by its high and low 32 bits. Below 0 the high ones say where the bucket is instead. */
const HIGH = 2;
const LOW = 3;

/** Of the draft that is being made: the leaves lie in the working memory from number `LOW` on. */
const FRESH = -1;
/** Of that draft, which has dropped it again; or of none, the number being free. */
const NOWHERE = -2;

const WORD_RANGE = 2 ** 32;

export function createBuckets(cacheBytes: number, read: BucketLog["read"], keepsValues: boolean, firstPage: number): Buckets {
  const log = createBucketLog(read, cacheBytes, firstPage);
  return { entries: createRecordPool(ENTRY_WORDS), log, keepsValues, liveBytes: 0, loaded: createPlaces(MAX_BUCKET_LEAVES) };
}

/** A new bucket of the draft, with `count` leaves from number `firstLeaf` of the working memory on. */
export function addFreshBucket(buckets: Buckets, firstLeaf: number, count: number): number {
  return addEntry(buckets, count, FRESH, firstLeaf);
}

/** A bucket whose record, of `words` words and `count` leaves, lies in the log. */
export function addStoredBucket(buckets: Buckets, count: number, words: number, position: number): number {
  return addEntry(buckets, (words << COUNT_BITS) | count, Math.floor(position / WORD_RANGE), position % WORD_RANGE);
}

function addEntry({ entries }: Buckets, size: number, high: number, low: number): number {
  const bucket = takeRecord(entries);
  const { words } = pageOf(entries, bucket);
  const at = wordAt(entries, bucket);
  words[at + SIZE] = size;
  words[at + STALE] = 0;
  words[at + HIGH] = high;
  words[at + LOW] = low;
  return bucket;
}

export function countLeaves({ entries }: Buckets, bucket: number): number {
  return field(entries, bucket, SIZE) & COUNT_MASK;
}

/** How many bytes of the log a bucket takes that is there. */
export function storedBytes(buckets: Buckets, bucket: number): number {
  return 4 * storedWords(buckets, bucket);
}

function storedWords({ entries }: Buckets, bucket: number): number {
  return field(entries, bucket, SIZE) >>> COUNT_BITS;
}

export function isFresh({ entries }: Buckets, bucket: number): boolean {
  return field(entries, bucket, HIGH) === FRESH;
}

/** Position of a bucket in the log, below 0 when it is not there. */
export function positionOf({ entries }: Buckets, bucket: number): number {
  return field(entries, bucket, HIGH) * WORD_RANGE + (field(entries, bucket, LOW) >>> 0);
}

/** Whether the latest version has the bucket, which is in the log. */
export function isLive({ entries }: Buckets, bucket: number): boolean {
  return field(entries, bucket, STALE) === 0;
}

/** Takes a fresh bucket out of the draft, which alone has it. */
export function dropFresh({ entries }: Buckets, bucket: number): void {
  setField(entries, bucket, HIGH, NOWHERE);
}

/** Takes a bucket out of the latest version; earlier ones have it still. */
export function makeStale(buckets: Buckets, bucket: number): void {
  setField(buckets.entries, bucket, STALE, 1);
  buckets.liveBytes -= storedBytes(buckets, bucket);
}

/** Ends a bucket that no kept version has. */
export function releaseBucket({ entries }: Buckets, bucket: number): void {
  setField(entries, bucket, HIGH, NOWHERE);
  releaseRecord(entries, bucket);
}

/**
 * The leaves of a bucket, which must have the root hash of 8 words at `rootAt`. They stay where they are until another bucket is loaded or
 * put into the log. Throws StoreError StateCorrupt when the disk has other ones.
 */
export function loadLeaves(buckets: Buckets, work: LeafList, bucket: number, roots: Int32Array, rootAt: number): Leaves {
  const count = countLeaves(buckets, bucket);
  const position = positionOf(buckets, bucket);
  if (position < 0) return listedLeaves(work, field(buckets.entries, bucket, LOW), count);
  const words = storedWords(buckets, bucket);
  const { page, at } = loadRecord(buckets.log, position, words);
  for (let i = 0; i < HASH_WORDS; i++) if (page.words[rootAtOf(at) + i] !== roots[rootAt + i]) throw corruptTree();
  const values: LeafValues = { ...buckets.loaded, page };
  readValues(page, at, count, words, values);
  return { page, at: at + LEAVES_AT, count, values, firstValue: 0 };
}

/** Puts a fresh bucket into the log, its root hash being at word `rootAt` of `roots`. */
export function storeBucket(buckets: Buckets, bucket: number, leaves: Leaves, prefixBits: number, roots: Int32Array, rootAt: number): void {
  const words = recordWords(leaves, buckets.keepsValues);
  const position = addRecord(buckets.log, words);
  writeRecord(lastPage(buckets.log), wordOf(position), words, leaves, prefixBits, roots, rootAt);
  setField(buckets.entries, bucket, SIZE, (words << COUNT_BITS) | leaves.count);
  settleAt(buckets, bucket, position);
  buckets.liveBytes += 4 * words;
}

/** Notes in the log that nothing is left for the first `prefixBits` bits of the path at byte `pathAt` of `bytes`. */
export function storeEmptiness({ log }: Buckets, bytes: Uint8Array, pathAt: number, prefixBits: number): void {
  const position = addRecord(log, EMPTY_RECORD_WORDS);
  writeEmptyRecord(lastPage(log), wordOf(position), bytes, pathAt, prefixBits);
}

/** Writes the record of a bucket, which lies at word `at` of `page`, once more at the end of the log. */
export function moveBucket(buckets: Buckets, bucket: number, page: Page, at: number): void {
  const words = storedWords(buckets, bucket);
  const position = addRecord(buckets.log, words);
  copyWords(page.words, at, lastPage(buckets.log).words, wordOf(position), words);
  settleAt(buckets, bucket, position);
}

function settleAt({ entries, log }: Buckets, bucket: number, position: number): void {
  setField(entries, bucket, HIGH, Math.floor(position / WORD_RANGE));
  setField(entries, bucket, LOW, position % WORD_RANGE);
  addResident(log, position, bucket);
}

function field(pool: RecordPool, number: number, offset: number): number {
  return pageOf(pool, number).words[wordAt(pool, number) + offset]!;
}

function setField(pool: RecordPool, number: number, offset: number, value: number): void {
  pageOf(pool, number).words[wordAt(pool, number) + offset] = value;
}
