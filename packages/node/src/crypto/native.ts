import { createPublicKey, hash, type KeyObject, verify } from "node:crypto";
import { hashInto } from "@chainsafe/hashtree";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import sodium from "sodium-native";
import { verifyCofactored } from "./cofactored-ed25519.ts";
import { nativeRistretto255 } from "./native-ristretto255.ts";

const SHA256_BYTES = 32;

/** The provider of a node: native code, the same verdicts as `portableCrypto` on every input. */
export const nativeCrypto: CryptoProvider = {
  sha256,
  sha256Into,
  hashBlocks: hashInto,
  verifyEd25519,
  isP256PublicKey: (publicKey) => publicKey.length === 33 && parseP256(publicKey) !== undefined,
  verifyP256,
  ristretto255: nativeRistretto255,
};

function sha256(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(SHA256_BYTES);
  sha256Into(data, bytes, 0);
  return bytes;
}

/** Asked for as text, because a Buffer for it would cost more than the hash: memory of its own, which the collector has to find and free. */
function sha256Into(data: Uint8Array, output: Uint8Array, at: number): void {
  const text = hash("sha256", data, "binary");
  for (let byte = 0; byte < SHA256_BYTES; byte++) output[at + byte] = text.charCodeAt(byte);
}

/**
 * What libsodium accepts is a subset of what ZIP-215 accepts, so its yes is final: it demands s < L and encode(s·B - h·A) = R for decodable,
 * canonical, not small A, with h over the same raw bytes; then R decodes, and 8·s·B = 8·R + 8·h·A follows. It refuses more (small order,
 * non-canonical, torsion that the factor 8 would remove), so on its no the equation itself decides.
 */
function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  return sodium.crypto_sign_verify_detached(signature, message, publicKey) || verifyCofactored(publicKey, message, signature);
}

function verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 33 || signature.length !== 64) return false;
  const key = parseP256(publicKey);
  return key !== undefined && verify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, signature);
}

/** RFC 5480 SubjectPublicKeyInfo of a compressed P-256 point, up to the point itself. */
const P256_SPKI_HEADER = Buffer.from("3039301306072a8648ce3d020106082a8648ce3d030107032200", "hex");

function parseP256(compressed: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.concat([P256_SPKI_HEADER, compressed]), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}
