import { crc32OfWords } from "../../crypto/crc32.ts";
import { StoreError } from "../store-error.ts";
import { LEAF_WORDS, type Leaves } from "./leaf.ts";
import { HASH_WORDS } from "./levels.ts";
import { copyWords, type Page } from "./page.ts";
import { PATH_BYTES } from "./paths.ts";

/**
 * A bucket in the log: the leaves of one prefix of the paths.
 *
 *     1 + number of leaves (1 byte) ‖ length of the prefix in bits (1) ‖ 0 (2) ‖ root hash of the leaves as a subtree (32)
 *     ‖ leaves, ascending by path (64 each) ‖ CRC-32 of all that (4)
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
}

/** How many words of a page a record takes. */
export function recordWords(leafCount: number): number {
  return LEAVES_AT + LEAF_WORDS * leafCount + 1;
}

/** Writes the record with the root hash at word `rootAt` of `roots` to word `at` of `page`. */
export function writeRecord(page: Page, at: number, leaves: Leaves, prefixBits: number, roots: Int32Array, rootAt: number): void {
  copyWords(roots, rootAt, page.words, at + ROOT_AT, HASH_WORDS);
  copyWords(leaves.page.words, leaves.at, page.words, at + LEAVES_AT, LEAF_WORDS * leaves.count);
  finishRecord(page, at, leaves.count, prefixBits);
}

/** Writes the record that says that nothing is left for the first `prefixBits` bits of the path at byte `pathAt` of `bytes`. */
export function writeEmptyRecord(page: Page, at: number, bytes: Uint8Array, pathAt: number, prefixBits: number): void {
  const prefixAt = 4 * (at + ROOT_AT);
  for (let i = 0; i < PATH_BYTES; i++) {
    const bits = Math.max(0, Math.min(8, prefixBits - 8 * i));
    page.bytes[prefixAt + i] = bytes[pathAt + i]! & (0xff00 >>> bits);
  }
  finishRecord(page, at, 0, prefixBits);
}

function finishRecord({ bytes, words }: Page, at: number, leafCount: number, prefixBits: number): void {
  words[at] = 0;
  bytes[4 * at] = 1 + leafCount;
  bytes[4 * at + 1] = prefixBits;
  const end = at + recordWords(leafCount) - 1;
  words[end] = crc32OfWords(words, at, end - at);
}

/** The head of the record at word `at`, of which all words before `end` were read; undefined when no whole record is there. */
export function readRecordHead({ bytes, words }: Page, at: number, end: number): RecordHead | undefined {
  const leafCount = bytes[4 * at]! - 1;
  if (leafCount < 0 || leafCount > MAX_BUCKET_LEAVES || at + recordWords(leafCount) > end) return undefined;
  const checksumAt = at + recordWords(leafCount) - 1;
  if (words[checksumAt] !== crc32OfWords(words, at, checksumAt - at)) return undefined;
  return { leafCount, prefixBits: bytes[4 * at + 1]! };
}

/** Hands over the records of a page, of which all words before `end` were read; false where something else lies there. */
export function visitRecords(page: Page, end: number, visit: (at: number, head: RecordHead) => void): boolean {
  for (let at = 0; at < end && page.words[at] !== 0; ) {
    const head = readRecordHead(page, at, end);
    if (head === undefined) return false;
    visit(at, head);
    at += recordWords(head.leafCount);
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
