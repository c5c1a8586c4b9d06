import { crc32 } from "node:zlib";
import { StoreError } from "@galen/ledger/store/store-error";

/*
 * LevelDB has checksums, but its binding never asks it to compare them when it reads. A bit that turned on the disk would become part of the
 * state, and this node would leave the others at some later block without a word why.
 */
const CHECKSUM_BYTES = 4;
/** All bits of the checksum are turned where a record holds no value, but the place of one. */
const PLACE_MARK = -1;

/** One record as it is stored, as views that the next call overwrites. */
interface StoredRecord {
  readonly key: Uint8Array;
  /** The value, or its place, with the CRC-32 of key and value behind it. */
  readonly stored: Uint8Array;
  /** Key and value. */
  readonly checked: Uint8Array;
}

/** Key, value and checksum of one record lie here side by side, so that one call computes over both and no record needs memory of its own. */
const place = new Uint8Array(65_536);
/** The views into `place`, by both lengths: records have few different ones, and views for each were a twelfth of what a payment allocates. */
let views = new Map<number, StoredRecord>();
const MAX_VIEWS = 4_096;

/** The record of `key` and `value`. The key too is a copy: native code that is handed a short array of JavaScript's first moves it to memory of its own. */
export function addChecksum(key: Uint8Array, value: Uint8Array): StoredRecord {
  return makeRecord(key, value, 0);
}

/** The record of `key` whose value lies at `place`. */
export function placeRecord(key: Uint8Array, place: Uint8Array): StoredRecord {
  return makeRecord(key, place, PLACE_MARK);
}

function makeRecord(key: Uint8Array, value: Uint8Array, mark: number): StoredRecord {
  const record = placeFor(key.length, value.length);
  const { checked, stored } = record;
  checked.set(key);
  checked.set(value, key.length);
  const checksum = crc32(checked) ^ mark;
  for (let i = 0; i < CHECKSUM_BYTES; i++) stored[value.length + i] = checksum >>> (8 * i);
  return record;
}

function placeFor(keyLength: number, valueLength: number): StoredRecord {
  const size = keyLength + valueLength + CHECKSUM_BYTES;
  if (size > place.length) return viewsOf(new Uint8Array(size), keyLength, size);
  const lengths = keyLength * place.length + valueLength;
  const known = views.get(lengths);
  if (known) return known;
  if (views.size === MAX_VIEWS) views = new Map();
  const record = viewsOf(place, keyLength, size);
  views.set(lengths, record);
  return record;
}

function viewsOf(bytes: Uint8Array, keyLength: number, size: number): StoredRecord {
  return {
    key: bytes.subarray(0, keyLength),
    stored: bytes.subarray(keyLength, size),
    checked: bytes.subarray(0, size - CHECKSUM_BYTES),
  };
}

/** The value in `stored`, from `valueAt` when that is only its place. Throws StoreError StateCorrupt when it is not the one that was stored under `key`. */
export function takeChecksum(
  key: Uint8Array,
  stored: Uint8Array,
  path: string,
  valueAt: (place: Uint8Array) => Uint8Array | undefined,
): Uint8Array {
  const end = stored.length - CHECKSUM_BYTES;
  if (end >= 0) {
    const value = new Uint8Array(stored.buffer, stored.byteOffset, end);
    const mark = checksumAt(stored, end) ^ crc32(value, crc32(key));
    const found = mark === 0 ? value : mark === PLACE_MARK ? valueAt(value) : undefined;
    if (found) return found;
  }
  throw new StoreError(
    "StateCorrupt",
    `a record in ${path} is not what was written: the disk changed it; restore this node from a snapshot`,
  );
}

function checksumAt(bytes: Uint8Array, at: number): number {
  let checksum = 0;
  for (let i = CHECKSUM_BYTES - 1; i >= 0; i--) checksum = (checksum << 8) | bytes[at + i]!;
  return checksum;
}
