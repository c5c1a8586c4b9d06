import { clientErrors, galenError } from "./galen-error.ts";

/** Media type of several byte strings in one body: each its length in 4 bytes, big endian, then its bytes. */
export const FRAMES_TYPE = "application/vnd.galen.blobs";

const LENGTH_BYTES = 4;

/** The framed body of some byte strings. */
export function writeFrames(frames: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(frames.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0));
  const view = new DataView(body.buffer);
  let at = 0;
  for (const frame of frames) {
    view.setUint32(at, frame.length);
    body.set(frame, at + LENGTH_BYTES);
    at += LENGTH_BYTES + frame.length;
  }
  return body;
}

/** Exactly `count` byte strings, as views into `body`; rejects with client/UnexpectedAnswer. */
export function readFrames(body: Uint8Array, count: number): Uint8Array[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const frames: Uint8Array[] = [];
  let at = 0;
  while (frames.length < count && at + LENGTH_BYTES <= body.length) {
    const start = at + LENGTH_BYTES;
    at = start + view.getUint32(at);
    frames.push(body.subarray(start, at));
  }
  if (frames.length !== count || at !== body.length) throw galenError(clientErrors.UnexpectedAnswer({ field: "frames" }));
  return frames;
}
