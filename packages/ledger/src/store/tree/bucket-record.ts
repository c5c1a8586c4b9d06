import { StoreError } from "../store-error.ts";
import { LEAF_BYTES } from "./leaf.ts";

/**
 * A bucket on disk: the leaves of one prefix of the paths.
 *
 *     key    "t" ‖ the prefix, as the lowest path that has it, without zero bytes at the end
 *     value  length of the prefix in bits (1 byte) ‖ root hash of the leaves as a subtree (32) ‖ leaves, ascending by path (64 each)
 *
 * The keys of all buckets together ascend with the paths, so one ordered read rebuilds the tree above them from the root hashes alone.
 */
export const BUCKET_PREFIX = 0x74;

/**
 * One update rewrites one bucket: fewer leaves write and hash less, more leaves make a smaller tree in memory and a faster opening.
 * `bench/state-tree.ts` compares sizes.
 */
export const MAX_BUCKET_LEAVES = 8;

const ROOT_AT = 1;
const LEAVES_AT = 33;

export interface BucketRecord {
  readonly prefixBits: number;
  readonly root: Uint8Array;
  /** `LEAF_BYTES` per leaf: path, then hash of the value. */
  readonly leaves: Uint8Array;
}

/** Key of the bucket for the first `prefixBits` bits of the path at `at` in `bytes`. */
export function bucketKey(bytes: Uint8Array, at: number, prefixBits: number): Uint8Array {
  const whole = prefixBits >>> 3;
  const part = prefixBits & 7;
  const key = new Uint8Array(2 + whole);
  key[0] = BUCKET_PREFIX;
  for (let i = 0; i < whole; i++) key[1 + i] = bytes[at + i]!;
  if (part > 0) key[1 + whole] = bytes[at + whole]! & (0xff00 >>> part);
  let length = key.length;
  while (length > 1 && key[length - 1] === 0) length--;
  return key.subarray(0, length);
}

export function bucketRecordBytes(leafCount: number): number {
  return LEAVES_AT + LEAF_BYTES * leafCount;
}

/** Fills `record` (of `bucketRecordBytes`) with all but its leaves, and returns the place for these. */
export function writeBucketHead(record: Uint8Array, prefixBits: number, root: Uint8Array): Uint8Array {
  record[0] = prefixBits;
  record.set(root, ROOT_AT);
  return record.subarray(LEAVES_AT);
}

/** The parts of a record as views. Throws StoreError StateCorrupt on a length that no bucket has. */
export function readBucketRecord(record: Uint8Array): BucketRecord {
  const leafCount = (record.length - LEAVES_AT) / LEAF_BYTES;
  if (!Number.isInteger(leafCount) || leafCount < 1 || leafCount > MAX_BUCKET_LEAVES) throw corruptTree();
  return { prefixBits: record[0]!, root: record.subarray(ROOT_AT, LEAVES_AT), leaves: record.subarray(LEAVES_AT) };
}

export function corruptTree(): StoreError {
  return new StoreError(
    "StateCorrupt",
    "the stored state tree does not fit its root: the disk lost or changed records; restore this node from a snapshot or let it replay the chain",
  );
}
