import { crc32OfWords } from "../../crypto/crc32.ts";
import { StoreError } from "../store-error.ts";
import { ELSEWHERE, LEAF_WORDS, type LeafValues, type Leaves, valueWords } from "./leaf.ts";
import { HASH_WORDS } from "./levels.ts";
import { copyWords, type Page } from "./page.ts";
import { PATH_BYTES } from "./paths.ts";

/**
 * A bucket in the log: the leaves of one prefix of the paths, in a large state with those of their values that are short.
 *
 *     1 + number of leaves (1 byte) ‖ length of the prefix in bits (1) ‖ words of the record (2, low byte first; 0 without values) ‖ root hash of the leaves as a subtree (32)
 *     ‖ leaves, ascending by path (64 each)
 *     ‖ where there are values: length of each leaf's (2 each, low byte first; all bits set where it lies elsewhere), up to a word ‖ values, each up to a word
 *     ‖ CRC-32 of all that (4)
 *
 * A record without leaves says that nothing is left at its place; it has the lowest path with the prefix instead of the root hash.
 */
const ROOT_AT = 1;
export const LEAVES_AT = ROOT_AT + HASH_WORDS;

/**
 * One update rewrites one bucket: fewer leaves write and hash less, more leaves make a smaller tree in memory and a faster opening.
 * `bench/state-tree.ts` compares sizes.
 */
export const MAX_BUCKET_LEAVES = 8;

/** What a record says of itself. */
export interface RecordHead {
  readonly leafCount: number;
  readonly prefixBits: number;
  readonly words: number;
}

const MISSING = 0xffff;

/** How many words of a page the record of these leaves takes, with values or without. */
export function recordWords({ count, values, firstValue }: Leaves, hasValues: boolean): number {
  let words = wordsWithoutValues(count);
  if (!hasValues) return words;
  words += lengthWords(count);
  for (let i = firstValue; i < firstValue + count; i++) if (values.lengths[i] !== ELSEWHERE) words += valueWords(values.lengths[i]!);
  return words;
}

function wordsWithoutValues(leafCount: number): number {
  return LEAVES_AT + LEAF_WORDS * leafCount + 1;
}

function lengthWords(leafCount: number): number {
  return (leafCount + 1) >> 1;
}

export const EMPTY_RECORD_WORDS: number = wordsWithoutValues(0);

/** Writes the record, of so many words as `recordWords` tells, with the root hash at word `rootAt` of `roots` to word `at` of `page`. */
export function writeRecord(
  page: Page,
  at: number,
  words: number,
  leaves: Leaves,
  prefixBits: number,
  roots: Int32Array,
  rootAt: number,
): void {
  copyWords(roots, rootAt, page.words, at + ROOT_AT, HASH_WORDS);
  copyWords(leaves.page.words, leaves.at, page.words, at + LEAVES_AT, LEAF_WORDS * leaves.count);
  if (words > wordsWithoutValues(leaves.count)) writeValues(page, at + LEAVES_AT + LEAF_WORDS * leaves.count, at + words - 1, leaves);
  finishRecord(page, at, words, leaves.count, prefixBits);
}

function writeValues({ words, bytes }: Page, at: number, end: number, { count, values, firstValue }: Leaves): void {
  const valuesAt = at + lengthWords(count);
  words[valuesAt - 1] = 0;
  for (let i = 0; i < count; i++) {
    const length = values.lengths[firstValue + i]!;
    const stored = length === ELSEWHERE ? MISSING : length;
    bytes[4 * at + 2 * i] = stored & 0xff;
    bytes[4 * at + 2 * i + 1] = stored >>> 8;
  }
  // Values lie in the order of their leaves without gaps.
  copyWords(values.page.words, values.starts[firstValue]!, words, valuesAt, end - valuesAt);
}

/** Reads lengths and places of the values of a record at word `at` of `page` into `values`, which is of that page. */
export function readValues(page: Page, at: number, count: number, words: number, values: LeafValues): void {
  if (words === wordsWithoutValues(count)) {
    values.lengths.fill(ELSEWHERE, 0, count);
    return;
  }
  const lengthsAt = at + LEAVES_AT + LEAF_WORDS * count;
  let valueAt = lengthsAt + lengthWords(count);
  for (let i = 0; i < count; i++) {
    const stored = page.bytes[4 * lengthsAt + 2 * i]! | (page.bytes[4 * lengthsAt + 2 * i + 1]! << 8);
    values.starts[i] = valueAt;
    values.lengths[i] = stored === MISSING ? ELSEWHERE : stored;
    if (stored !== MISSING) valueAt += valueWords(stored);
  }
  if (valueAt !== at + words - 1) throw corruptTree();
}

/** Writes the record that says that nothing is left for the first `prefixBits` bits of the path at byte `pathAt` of `bytes`. */
export function writeEmptyRecord(page: Page, at: number, bytes: Uint8Array, pathAt: number, prefixBits: number): void {
  const prefixAt = 4 * (at + ROOT_AT);
  for (let i = 0; i < PATH_BYTES; i++) {
    const bits = Math.max(0, Math.min(8, prefixBits - 8 * i));
    page.bytes[prefixAt + i] = bytes[pathAt + i]! & (0xff00 >>> bits);
  }
  finishRecord(page, at, EMPTY_RECORD_WORDS, 0, prefixBits);
}

function finishRecord({ bytes, words }: Page, at: number, size: number, leafCount: number, prefixBits: number): void {
  bytes[4 * at] = 1 + leafCount;
  bytes[4 * at + 1] = prefixBits;
  const told = size === wordsWithoutValues(leafCount) ? 0 : size;
  bytes[4 * at + 2] = told & 0xff;
  bytes[4 * at + 3] = told >>> 8;
  const end = at + size - 1;
  words[end] = crc32OfWords(words, at, end - at);
}

/** The head of the record at word `at`, of which all words before `end` were read; undefined when no whole record is there. */
export function readRecordHead({ bytes, words }: Page, at: number, end: number): RecordHead | undefined {
  const leafCount = bytes[4 * at]! - 1;
  if (leafCount < 0 || leafCount > MAX_BUCKET_LEAVES) return undefined;
  const size = bytes[4 * at + 2]! | (bytes[4 * at + 3]! << 8) || wordsWithoutValues(leafCount);
  if (size < wordsWithoutValues(leafCount) || at + size > end) return undefined;
  const checksumAt = at + size - 1;
  if (words[checksumAt] !== crc32OfWords(words, at, checksumAt - at)) return undefined;
  return { leafCount, prefixBits: bytes[4 * at + 1]!, words: size };
}

/** Hands over the records of a page, of which all words before `end` were read; false where something else lies there. */
export function visitRecords(page: Page, end: number, visit: (at: number, head: RecordHead) => void): boolean {
  for (let at = 0; at < end && page.words[at] !== 0; ) {
    const head = readRecordHead(page, at, end);
    if (head === undefined) return false;
    visit(at, head);
    at += head.words;
  }
  return true;
}

/** Word at which the root hash of a record lies that begins at word `at`; without leaves, its prefix. */
export function rootAtOf(at: number): number {
  return at + ROOT_AT;
}

export function corruptTree(): StoreError {
  return new StoreError(
    "StateCorrupt",
    "the stored state tree does not fit its root: the disk lost or changed records; start the node again, which makes the tree anew from the values, or restore it from a snapshot",
  );
}
