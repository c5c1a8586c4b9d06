import { crc32 } from "node:zlib";
import { StoreError } from "@galen/ledger/store/store-error";

/*
 * LevelDB has checksums, but its binding never asks it to compare them when it reads. A bit that turned on the disk would become part of the
 * state, and this node would leave the others at some later block without a word why.
 */
const CHECKSUM_BYTES = 4;

/** `value` with the CRC-32 of `key` and `value` behind it. */
export function addChecksum(key: Uint8Array, value: Uint8Array): Uint8Array {
  const stored = new Uint8Array(value.length + CHECKSUM_BYTES);
  stored.set(value);
  new DataView(stored.buffer).setUint32(value.length, crc32(value, crc32(key)), true);
  return stored;
}

/** The value in `stored`. Throws StoreError StateCorrupt when it is not the one that was stored under `key`. */
export function takeChecksum(key: Uint8Array, stored: Uint8Array, path: string): Uint8Array {
  const { buffer, byteOffset, length } = stored;
  const end = length - CHECKSUM_BYTES;
  if (end >= 0) {
    const value = new Uint8Array(buffer, byteOffset, end);
    if (new DataView(buffer, byteOffset).getUint32(end, true) === crc32(value, crc32(key))) return value;
  }
  throw new StoreError(
    "StateCorrupt",
    `a record in ${path} is not what was written: the disk changed it; restore this node from a snapshot`,
  );
}
