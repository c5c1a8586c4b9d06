import { createPrivateKey, createPublicKey, sign } from "node:crypto";

/** An Ed25519 key in memory. */
export interface Ed25519Key {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The signature of 64 bytes over `message`. */
  sign(message: Uint8Array): Uint8Array;
}

/** PKCS #8 of an Ed25519 private key (RFC 8410 §7), up to the key itself. */
const PKCS8_HEADER = Buffer.from("302e020100300506032b657004220420", "hex");
const RAW_KEY_BYTES = 32;

/** The key of a secret of 32 bytes (RFC 8032 §5.1.5). */
export function ed25519Key(secret: Uint8Array): Ed25519Key {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEADER, secret]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-RAW_KEY_BYTES);
  return { publicKey: Uint8Array.from(publicKey), sign: (message) => Uint8Array.from(sign(null, message, key)) };
}
