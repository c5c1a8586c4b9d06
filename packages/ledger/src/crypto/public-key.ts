import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";

/**
 * True for an Ed25519 key that a person can hold: canonical encoding of a point that is not of small order. Signatures are judged by ZIP-215 alone,
 * under which anybody can sign for a point of small order; such a key is refused where keys are registered.
 */
export function isEd25519PublicKey(publicKey: Uint8Array): boolean {
  try {
    return !ed25519.Point.fromBytes(publicKey).isSmallOrder();
  } catch {
    return false;
  }
}

/** True for a P-256 key in compressed form (SEC 1 §2.3.3), 33 bytes. */
export function isP256PublicKey(publicKey: Uint8Array): boolean {
  return publicKey.length === 33 && p256.utils.isValidPublicKey(publicKey, true);
}
