import { concatBytes } from "@galen/ledger/crypto/bytes";
import { webSource } from "./web-source.ts";

/** Raw DEFLATE (RFC 1951) of `bytes`, by the platform. */
export async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await new Response(passThrough(bytes, new CompressionStream("deflate-raw"))).arrayBuffer());
}

/**
 * The `length` bytes whose raw DEFLATE is `bytes`; undefined if it is not well formed or gives another number of bytes. Stops as soon as more
 * comes out, so that a bomb costs no more memory than the length that was promised.
 */
export async function inflate(bytes: Uint8Array, length: number): Promise<Uint8Array | undefined> {
  const inflated = await inflateUpTo(bytes, length);
  return inflated?.length === length ? inflated : undefined;
}

/** What `bytes` inflate to, at most `maxLength` bytes; undefined if they are not well formed or give more. */
export async function inflateUpTo(bytes: Uint8Array, maxLength: number): Promise<Uint8Array | undefined> {
  const reader = passThrough(bytes, new DecompressionStream("deflate-raw")).getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      total += step.value.length;
      if (total > maxLength) return undefined;
      parts.push(step.value);
    }
  } catch {
    return undefined; // the platform's complaint about a broken stream
  } finally {
    await reader.cancel().catch(() => undefined); // a broken stream reports its fault once more
  }
  return concatBytes(parts);
}

/** What a transform makes of `bytes`. Written at once: a Blob's stream piped through it costs more than inflating a small document. */
function passThrough(
  bytes: Uint8Array,
  { writable, readable }: CompressionStream | DecompressionStream,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const writer = writable.getWriter();
  Promise.all([writer.write(webSource(bytes)), writer.close()]).catch(() => undefined); // whoever reads hears of a broken stream
  return readable;
}
