import { StoreError } from "../store-error.ts";
import { LEAF_BYTES, LEAF_WORDS, type Leaves } from "./leaf.ts";
import { HASH_WORDS } from "./levels.ts";
import { copyWords, type Page } from "./page.ts";

/**
 * A bucket on disk: the leaves of one prefix of the paths.
 *
 *     key    "t" ‖ the prefix, as the lowest path that has it, without zero bytes at the end
 *     value  root hash of the leaves as a subtree (32 bytes) ‖ leaves, ascending by path (64 each) ‖ length of the prefix in bits (1)
 *
 * The keys of all buckets together ascend with the paths, so one ordered read rebuilds the tree above them from the root hashes alone.
 */
export const BUCKET_PREFIX = 0x74;

/**
 * One update rewrites one bucket: fewer leaves write and hash less, more leaves make a smaller tree in memory and a faster opening.
 * `bench/state-tree.ts` compares sizes.
 */
export const MAX_BUCKET_LEAVES = 8;

const ROOT_BYTES = 4 * HASH_WORDS;

export interface BucketRecord {
  readonly root: Uint8Array;
  /** `LEAF_BYTES` per leaf: path, then hash of the value. */
  readonly leaves: Uint8Array;
  readonly prefixBits: number;
}

/** Key of the bucket for the first `prefixBits` bits of the path at `at` in `bytes`. */
export function bucketKey(bytes: Uint8Array, at: number, prefixBits: number): Uint8Array {
  const key = new Uint8Array(1 + ((prefixBits + 7) >>> 3));
  key[0] = BUCKET_PREFIX;
  let length = 1;
  for (let i = 1; i < key.length; i++) {
    const bits = Math.min(8, prefixBits - 8 * (i - 1));
    key[i] = bytes[at + i - 1]! & (0xff00 >>> bits);
    if (key[i] !== 0) length = i + 1;
  }
  return length === key.length ? key : key.subarray(0, length);
}

/** How many words of a page a record takes, its last one being begun only. */
export function bucketRecordWords(leafCount: number): number {
  return HASH_WORDS + LEAF_WORDS * leafCount + 1;
}

/** Writes the record with the root hash at word `rootAt` of `roots` to word `at` of `page` and returns its bytes there. */
export function writeBucketRecord(
  page: Page,
  at: number,
  leaves: Leaves,
  prefixBits: number,
  roots: Int32Array,
  rootAt: number,
): Uint8Array {
  copyWords(roots, rootAt, page.words, at, HASH_WORDS);
  copyWords(leaves.page.words, leaves.at, page.words, at + HASH_WORDS, LEAF_WORDS * leaves.count);
  const end = 4 * at + ROOT_BYTES + LEAF_BYTES * leaves.count;
  page.bytes[end] = prefixBits;
  return page.bytes.subarray(4 * at, end + 1);
}

/** The parts of a record as views. Throws StoreError StateCorrupt on a length that no bucket has. */
export function readBucketRecord(record: Uint8Array): BucketRecord {
  const end = record.length - 1;
  const leafCount = (end - ROOT_BYTES) / LEAF_BYTES;
  if (!Number.isInteger(leafCount) || leafCount < 1 || leafCount > MAX_BUCKET_LEAVES) throw corruptTree();
  return { root: record.subarray(0, ROOT_BYTES), leaves: record.subarray(ROOT_BYTES, end), prefixBits: record[end]! };
}

export function corruptTree(): StoreError {
  return new StoreError(
    "StateCorrupt",
    "the stored state tree does not fit its root: the disk lost or changed records; restore this node from a snapshot or let it replay the chain",
  );
}
