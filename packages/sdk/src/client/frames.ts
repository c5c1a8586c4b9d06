/** Media type of several byte strings in one body: each its length in 4 bytes, big endian, then its bytes. */
export const FRAMES_TYPE = "application/vnd.galen.blobs";

const LENGTH_BYTES = 4;

/** The framed body of some byte strings. */
export function writeFrames(frames: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(framedSize(frames));
  const view = new DataView(body.buffer);
  let at = 0;
  for (const frame of frames) {
    view.setUint32(at, frame.length);
    body.set(frame, at + LENGTH_BYTES);
    at += LENGTH_BYTES + frame.length;
  }
  return body;
}

/** Bytes of a body with these byte strings. */
export function framedSize(frames: readonly Pick<Uint8Array, "length">[]): number {
  return frames.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0);
}

/** The byte strings of a framed body, as views into it; undefined if it is none. */
export function readFrames(body: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const frames: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const start = at + LENGTH_BYTES;
    const end = start <= body.length ? start + view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (end > body.length) return undefined;
    frames.push(body.subarray(start, end));
    at = end;
  }
  return frames;
}
