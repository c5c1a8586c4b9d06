import { deflate, inflate } from "./deflate.ts";
import { padmeLength } from "./padme.ts";
import { SealError } from "./seal-error.ts";

/**
 * What the segments encrypt: encoding (1 byte) ‖ body length (8) ‖ plaintext length (8) ‖ body ‖ zeros up to a Padmé length. Lengths are big
 * endian. The body is the plaintext, or its DEFLATE where that is shorter.
 */
const HEADER_SIZE = 17;
const STORED = 0;
const DEFLATED = 1;

/** The smallest padded size: below it, Padmé's steps are so fine that a short answer's length would tell yes from no. */
const MIN_PADDED_SIZE = 1024;

/** The largest plaintext that is opened in memory unless the caller sets another limit: 256 MiB. */
export const MAX_PLAINTEXT_SIZE = 268_435_456;

/** Compresses and pads. */
export async function packContent(plaintext: Uint8Array): Promise<Uint8Array> {
  const body = await shortestBody(plaintext);
  const content = new Uint8Array(paddedSize(body.length));
  const header = new DataView(content.buffer);
  header.setUint8(0, body === plaintext ? STORED : DEFLATED);
  header.setBigUint64(1, BigInt(body.length));
  header.setBigUint64(9, BigInt(plaintext.length));
  content.set(body, HEADER_SIZE);
  return content;
}

/** Bytes that `packContent` makes of a plaintext, without making them. */
export async function packedSize(plaintext: Uint8Array): Promise<number> {
  return paddedSize((await shortestBody(plaintext)).length);
}

/** A video or genome shows at its beginning that it is compressed already; trying all of it would cost more than the encryption. */
const PROBE_SIZE = 65_536;

async function shortestBody(plaintext: Uint8Array): Promise<Uint8Array> {
  if (plaintext.length > PROBE_SIZE) {
    const probe = await deflate(plaintext.subarray(0, PROBE_SIZE));
    if (probe.length >= PROBE_SIZE) return plaintext;
  }
  const deflated = await deflate(plaintext);
  return deflated.length < plaintext.length ? deflated : plaintext;
}

/**
 * Undoes `packContent`, and refuses what it would not have made. At most `maxSize` bytes of plaintext, which are never exceeded in memory either.
 *
 * @throws SealError `ContentMalformed`, `ContentTooLarge`
 */
export async function unpackContent(content: Uint8Array, maxSize: number): Promise<Uint8Array> {
  if (content.length < MIN_PADDED_SIZE) throw malformed();
  const header = new DataView(content.buffer, content.byteOffset, HEADER_SIZE);
  const encoding = header.getUint8(0);
  const bodySize = Number(header.getBigUint64(1));
  const plaintextSize = Number(header.getBigUint64(9));
  if (bodySize > content.length || paddedSize(bodySize) !== content.length) throw malformed();
  if (plaintextSize > maxSize) {
    throw new SealError("ContentTooLarge", `The object holds ${plaintextSize} bytes, more than the limit of ${maxSize}.`);
  }
  const body = content.subarray(HEADER_SIZE, HEADER_SIZE + bodySize);
  if (content.subarray(HEADER_SIZE + bodySize).some((byte) => byte !== 0)) throw malformed();
  const plaintext = await decode(encoding, body, plaintextSize);
  if (plaintext === undefined) throw malformed();
  return plaintext;
}

async function decode(encoding: number, body: Uint8Array, size: number): Promise<Uint8Array | undefined> {
  if (encoding === STORED) return size === body.length ? body.slice() : undefined;
  if (encoding === DEFLATED) return size > body.length ? inflate(body, size) : undefined;
  return undefined;
}

/** Bytes of the content around a body of `bodySize` bytes; of a plaintext of this size it is no more, as its body is no longer. */
export function paddedSize(bodySize: number): number {
  return padmeLength(Math.max(HEADER_SIZE + bodySize, MIN_PADDED_SIZE));
}

function malformed(): SealError {
  return new SealError(
    "ContentMalformed",
    "The object decrypts, but its sealer did not follow the format: ask the author to seal it again.",
  );
}
