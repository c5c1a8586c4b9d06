import { concatBytes } from "@galen/ledger/crypto/bytes";
import { errors } from "./api-error.ts";

/** Media type of several byte strings in one body: each its length in 4 bytes, big-endian, then its bytes. */
export const FRAMES_TYPE = "application/vnd.galen.blobs";

const LENGTH_BYTES = 4;

/** The byte strings of a framed body, as views into it. Throws Refusal api/MalformedFrames. */
export function readFrames(body: Uint8Array): Uint8Array[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const frames: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const start = at + LENGTH_BYTES;
    const end = start <= body.length ? start + view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (end > body.length) throw errors.MalformedFrames({ frame: frames.length });
    frames.push(body.subarray(start, end));
    at = end;
  }
  return frames;
}

/** The framed body of some byte strings. */
export function writeFrames(frames: readonly Uint8Array[]): Uint8Array {
  return concatBytes(frames.flatMap((frame) => [lengthOf(frame), frame]));
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(LENGTH_BYTES);
  new DataView(bytes.buffer).setUint32(0, length);
  return bytes;
}
