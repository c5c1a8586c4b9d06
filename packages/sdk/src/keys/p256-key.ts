import { p256 } from "@noble/curves/nist.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Signer } from "./signer.ts";

/** Candidates of FIPS 186-5 §A.2.1: 128 bits more than the order of the curve, so that the remainder favours no key. */
const CANDIDATE_SIZE = 48;

/** The P-256 secret key that follows from a secret of 32 bytes for a purpose: HKDF-SHA256 under `info`, reduced as FIPS 186-5 §A.2.1 says. 32 bytes. */
export function deriveP256Key(secret: Uint8Array, info: string): Uint8Array {
  return p256.utils.randomSecretKey(hkdf(sha256, secret, undefined, new TextEncoder().encode(info), CANDIDATE_SIZE));
}

/** The coordinates of a public key, 32 bytes each, as RFC 7518 §6.2.1 writes them. Throws RangeError for 33 bytes that are no compressed point. */
export function p256Coordinates(publicKey: Uint8Array): { readonly x: Uint8Array; readonly y: Uint8Array } {
  if (!p256.utils.isValidPublicKey(publicKey, true)) throw new RangeError("P-256: a public key is a compressed point of 33 bytes");
  const bytes = p256.Point.fromBytes(publicKey).toBytes(false);
  return { x: bytes.slice(1, 33), y: bytes.slice(33) };
}

/** A signer with a P-256 key in memory: ECDSA over SHA-256, deterministic (RFC 6979). `secretKey` 32 bytes, a scalar of the curve. */
export function createP256Signer(secretKey: Uint8Array): Signer {
  return {
    keyType: "p256",
    publicKey: p256.getPublicKey(secretKey, true),
    sign: async (message) => p256.sign(message, secretKey, { prehash: true }),
  };
}
