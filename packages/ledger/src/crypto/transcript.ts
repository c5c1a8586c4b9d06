import { concatBytes } from "./bytes.ts";
import { littleEndian, scalarFromUniform } from "./group.ts";
import type { CryptoProvider } from "./provider.ts";
import { encodeUtf8 } from "./utf8.ts";

/**
 * SHA-256 over a domain and parts, each with its length in four bytes before it, so that different lists never give the same bytes.
 * `domain` is a literal that names the protocol and the role of the hash in it.
 */
export function transcriptHash(crypto: CryptoProvider, domain: string, parts: readonly Uint8Array[]): Uint8Array {
  return crypto.sha256(concatBytes([encodeUtf8(domain)!, ...parts].flatMap((part) => [uint32(part.length), part])));
}

/** A scalar that is uniform to whoever does not choose all of the inputs. */
export function transcriptScalar(crypto: CryptoProvider, domain: string, parts: readonly Uint8Array[]): bigint {
  const seed = transcriptHash(crypto, domain, parts);
  return scalarFromUniform(concatBytes([crypto.sha256(concatBytes([seed, uint32(0)])), crypto.sha256(concatBytes([seed, uint32(1)]))]));
}

/**
 * One 128-bit coefficient for each of `count` statements that are proved at once: whoever has a false one among them passes with a chance of
 * 2^-128, and half-length factors halve the verifier's work.
 */
export function batchCoefficients(crypto: CryptoProvider, seed: Uint8Array, count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => littleEndian(crypto.sha256(concatBytes([seed, uint32(index)])).subarray(0, 16)));
}

/** Four bytes, big endian. */
function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}
