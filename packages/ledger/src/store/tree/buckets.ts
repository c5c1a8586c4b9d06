import { bucketKey, corruptTree, MAX_BUCKET_LEAVES, readBucketRecord } from "./bucket-record.ts";
import { LEAF_BYTES, LEAF_WORDS, type Leaves } from "./leaf.ts";
import { HASH_WORDS } from "./levels.ts";
import { copyWords } from "./page.ts";
import { createRecordPool, pageOf, type RecordPool, releaseRecord, takeRecord, wordAt } from "./record-pool.ts";

/**
 * The buckets of all kept versions, by number from 1. A bucket never changes: a change makes a new one. Its leaves lie in a slot while
 * they are held in memory, which they are at least until they are on disk, and again from when the disk has newer ones.
 */
export interface Buckets {
  /** Per bucket: number of leaves, slot or 0, what holds it in memory. */
  readonly entries: RecordPool;
  /** Per slot: leaves, number of the bucket or 0, whether it was used since the hand passed. */
  readonly slots: RecordPool;
  /** How many slots may be in use before others are given up for new ones. */
  readonly slotBudget: number;
  /** Reads a record from disk. */
  readonly read: (key: Uint8Array) => Uint8Array | undefined;
  /** The slot that was last looked at for giving up (clock algorithm). */
  hand: number;
}

const ENTRY_WORDS = 4;
const COUNT = 0;
const SLOT = 1;
const HELD = 2;

const OWNER = MAX_BUCKET_LEAVES * LEAF_WORDS;
const USED = OWNER + 1;
const SLOT_WORDS = USED + 1;

/** Why the leaves of a bucket must stay in memory: the draft that added it is not finished, they are not on disk, no longer on disk. */
export const FRESH = 1;
export const UNSETTLED = 2;
export const STALE = 4;

/** How far the hand moves for one slot; when all of these are held, one more slot is taken instead. */
const MAX_HAND_STEPS = 256;

/** Which bucket is meant on disk: the first `prefixBits` bits of the path at byte `at`. */
export interface Place {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly prefixBits: number;
}

export function createBuckets(cacheBytes: number, read: Buckets["read"]): Buckets {
  const slotBudget = Math.floor(cacheBytes / (4 * SLOT_WORDS));
  return { entries: createRecordPool(ENTRY_WORDS), slots: createRecordPool(SLOT_WORDS), slotBudget, read, hand: 0 };
}

/** A bucket that is on disk and not in memory. */
export function addStoredBucket(buckets: Buckets, count: number): number {
  const bucket = takeRecord(buckets.entries);
  setField(buckets.entries, bucket, COUNT, count);
  setField(buckets.entries, bucket, SLOT, 0);
  setField(buckets.entries, bucket, HELD, 0);
  return bucket;
}

/** A new bucket with these leaves, fresh and unsettled. */
export function addFreshBucket(buckets: Buckets, { page, at, count }: Leaves): number {
  const bucket = addStoredBucket(buckets, count);
  setField(buckets.entries, bucket, HELD, FRESH | UNSETTLED);
  const slot = takeSlot(buckets, bucket);
  copyWords(page.words, at, pageOf(buckets.slots, slot).words, wordAt(buckets.slots, slot), LEAF_WORDS * count);
  return bucket;
}

export function countLeaves(buckets: Buckets, bucket: number): number {
  return field(buckets.entries, bucket, COUNT);
}

export function isFresh(buckets: Buckets, bucket: number): boolean {
  return (field(buckets.entries, bucket, HELD) & FRESH) !== 0;
}

export function hold(buckets: Buckets, bucket: number, reason: number): void {
  setField(buckets.entries, bucket, HELD, field(buckets.entries, bucket, HELD) | reason);
}

export function letGo(buckets: Buckets, bucket: number, reason: number): void {
  setField(buckets.entries, bucket, HELD, field(buckets.entries, bucket, HELD) & ~reason);
}

/** Ends a bucket that no kept version has. */
export function releaseBucket(buckets: Buckets, bucket: number): void {
  const slot = field(buckets.entries, bucket, SLOT);
  if (slot !== 0) {
    setField(buckets.slots, slot, OWNER, 0);
    releaseRecord(buckets.slots, slot);
  }
  releaseRecord(buckets.entries, bucket);
}

/** The leaves of a bucket that something holds in memory. */
export function heldLeaves({ entries, slots }: Buckets, bucket: number): Leaves {
  const slot = field(entries, bucket, SLOT);
  return { page: pageOf(slots, slot), at: wordAt(slots, slot), count: field(entries, bucket, COUNT) };
}

/**
 * The leaves of a bucket, from memory or from its place on disk, where they must have the root hash of 8 words at `rootAt`. They stay
 * where they are until another bucket is loaded or added, longer if held. Throws StoreError StateCorrupt when the disk has other ones.
 */
export function loadLeaves(buckets: Buckets, bucket: number, place: Place, roots: Int32Array, rootAt: number): Leaves {
  const count = countLeaves(buckets, bucket);
  if (field(buckets.entries, bucket, SLOT) === 0) {
    const record = buckets.read(bucketKey(place.bytes, place.at, place.prefixBits));
    if (record === undefined) throw corruptTree();
    const { prefixBits, root, leaves } = readBucketRecord(record);
    if (prefixBits !== place.prefixBits || leaves.length !== count * LEAF_BYTES || !isHash(root, roots, rootAt)) throw corruptTree();
    const slot = takeSlot(buckets, bucket);
    pageOf(buckets.slots, slot).bytes.set(leaves, 4 * wordAt(buckets.slots, slot));
  }
  setField(buckets.slots, field(buckets.entries, bucket, SLOT), USED, 1);
  return heldLeaves(buckets, bucket);
}

function isHash(hash: Uint8Array, words: Int32Array, at: number): boolean {
  const bytes = new Uint8Array(words.buffer, words.byteOffset + 4 * at, 4 * HASH_WORDS);
  return bytes.every((byte, i) => byte === hash[i]);
}

function takeSlot(buckets: Buckets, bucket: number): number {
  const { slots, slotBudget } = buckets;
  const inUse = slots.lastNumber - slots.free.length;
  const slot = (inUse < slotBudget ? undefined : giveUpSlot(buckets)) ?? takeRecord(slots);
  setField(slots, slot, OWNER, bucket);
  setField(slots, slot, USED, 1);
  setField(buckets.entries, bucket, SLOT, slot);
  return slot;
}

/** A slot whose bucket nothing holds and that was not used for a turn of the hand. */
function giveUpSlot(buckets: Buckets): number | undefined {
  const { entries, slots } = buckets;
  for (let step = 0; step < MAX_HAND_STEPS && slots.lastNumber > 0; step++) {
    buckets.hand = (buckets.hand % slots.lastNumber) + 1;
    const owner = field(slots, buckets.hand, OWNER);
    if (owner === 0 || field(entries, owner, HELD) !== 0) continue;
    if (field(slots, buckets.hand, USED) === 0) {
      setField(entries, owner, SLOT, 0);
      return buckets.hand;
    }
    setField(slots, buckets.hand, USED, 0);
  }
  return undefined;
}

function field(pool: RecordPool, number: number, offset: number): number {
  return pageOf(pool, number).words[wordAt(pool, number) + offset]!;
}

function setField(pool: RecordPool, number: number, offset: number, value: number): void {
  pageOf(pool, number).words[wordAt(pool, number) + offset] = value;
}
