import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { portableRistretto255 } from "./portable-ristretto255.ts";
import type { CryptoProvider } from "./provider.ts";

/**
 * The reference provider: noble, in any JavaScript runtime. What it answers is the chain's rule; every other provider must answer the same.
 * JavaScript cannot promise constant time, so operations with long-lived secrets belong to a native provider where there is one.
 */
export const portableCrypto: CryptoProvider = {
  sha256,
  sha256Into,
  hashBlocks,
  verifyEd25519,
  isP256PublicKey,
  verifyP256,
  ristretto255: portableRistretto255,
};

function sha256Into(data: Uint8Array, output: Uint8Array, at: number): void {
  output.set(sha256(data), at);
}

function hashBlocks(input: Uint8Array, output: Uint8Array): void {
  if (input.length % 64 !== 0 || output.length * 2 !== input.length)
    throw new RangeError("hashBlocks: input of 64·n bytes, output of 32·n");
  for (let at = 0; at < input.length; at += 64) output.set(sha256(input.subarray(at, at + 64)), at / 2);
}

function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return publicKey.length === 32 && signature.length === 64 && ed25519.verify(signature, message, publicKey, { zip215: true });
}

function isP256PublicKey(publicKey: Uint8Array): boolean {
  return publicKey.length === 33 && p256.utils.isValidPublicKey(publicKey, true);
}

function verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64 || !isP256PublicKey(publicKey)) return false;
  return p256.verify(signature, message, publicKey, { prehash: true, lowS: false, format: "compact" });
}
