import { ed25519 } from "@noble/curves/ed25519.js";
import { webSource } from "../seal/web-source.ts";

/** Something that signs for one key. A key in a passkey or a hardware module implements it as well as one in memory. */
export interface Signer {
  readonly keyType: "ed25519" | "p256";
  /** Ed25519: 32 bytes. P-256: compressed, 33 bytes. */
  readonly publicKey: Uint8Array;
  /** The signature of 64 bytes over `message`. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** PKCS #8 of an Ed25519 private key (RFC 8410 §7), up to the key itself. */
const ED25519_PKCS8_HEADER = Uint8Array.of(0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20);

/** A signer with an Ed25519 key in memory; signs by WebCrypto. `secretKey` 32 bytes. */
export async function createEd25519Signer(secretKey: Uint8Array): Promise<Signer> {
  const encoded = Uint8Array.of(...ED25519_PKCS8_HEADER, ...secretKey);
  const key = await crypto.subtle.importKey("pkcs8", encoded, "Ed25519", false, ["sign"]);
  return {
    keyType: "ed25519",
    publicKey: ed25519.getPublicKey(secretKey),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign("Ed25519", key, webSource(message))),
  };
}
