import { BLOB_CHUNK_SIZE } from "@galen/ledger/crypto/blob-address";
import { concatBytes } from "@galen/ledger/crypto/bytes";
import { decryptAesGcm, encryptAesGcm, GCM_NONCE_SIZE, GCM_TAG_SIZE, type GcmParameters, importAesKey } from "./aes-gcm.ts";
import { SealError } from "./seal-error.ts";

/** Content bytes of one segment; with its tag it is exactly one chunk of a blob, so that a segment can be proved and fetched alone. */
const SEGMENT_SIZE = BLOB_CHUNK_SIZE - GCM_TAG_SIZE;

export interface SegmentKey {
  /** 32 bytes, made for this one object: the nonces of its segments are a counter. */
  readonly dataKey: Uint8Array;
  /** Id of the object, 32 bytes. */
  readonly objectId: Uint8Array;
}

/** Encrypts content, which is not empty, in segments of 64 KiB; the last may be shorter. */
export async function encryptSegments({ dataKey, objectId }: SegmentKey, content: Uint8Array): Promise<Uint8Array> {
  const key = await importAesKey(dataKey);
  const parts = split(content, SEGMENT_SIZE);
  return concatBytes(await Promise.all(parts.map((part, index) => encryptAesGcm(key, parameters(objectId, index, parts.length), part))));
}

/** Bytes that `encryptSegments` makes of a content of `contentSize` bytes. */
export function encryptedSize(contentSize: number): number {
  return contentSize + Math.ceil(contentSize / SEGMENT_SIZE) * GCM_TAG_SIZE;
}

/**
 * The content again. A segment that is changed, missing, repeated, moved, or of another object is refused.
 *
 * @throws SealError `CiphertextMalformed`, `CiphertextRefused`
 */
export async function decryptSegments({ dataKey, objectId }: SegmentKey, ciphertext: Uint8Array): Promise<Uint8Array> {
  const parts = split(ciphertext, BLOB_CHUNK_SIZE);
  if ((parts.at(-1)?.length ?? 0) <= GCM_TAG_SIZE)
    throw new SealError("CiphertextMalformed", "The ciphertext does not have the length of whole segments.");
  const key = await importAesKey(dataKey);
  const opened = await Promise.all(parts.map((part, index) => decryptAesGcm(key, parameters(objectId, index, parts.length), part)));
  const content = opened.filter((part) => part !== undefined);
  if (content.length !== parts.length) {
    throw new SealError(
      "CiphertextRefused",
      `Segment ${opened.indexOf(undefined)} was changed, cut, moved, or belongs to another object or key.`,
    );
  }
  return concatBytes(content);
}

function split(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

/** Nonce: the segment's index. Additional data: object id ‖ index (8 bytes, big endian) ‖ 1 in the last segment, else 0. */
function parameters(objectId: Uint8Array, index: number, count: number): GcmParameters {
  if (objectId.length !== 32) throw new RangeError("an object id has 32 bytes");
  const nonce = new Uint8Array(GCM_NONCE_SIZE);
  new DataView(nonce.buffer).setBigUint64(4, BigInt(index));
  return { nonce, additionalData: concatBytes([objectId, nonce.subarray(4), Uint8Array.of(index === count - 1 ? 1 : 0)]) };
}
