import { concatBytes } from "@galen/ledger/crypto/bytes";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import {
  AEAD_AES_256_GCM,
  CipherSuite,
  DecapError,
  DeserializeError,
  EncapError,
  KDF_HKDF_SHA256,
  type KDFFactory,
  KEM_DHKEM_X25519_HKDF_SHA256,
  OpenError,
} from "hpke";
import type { KeyPair } from "../keys/account-keys.ts";

/** HKDF-SHA256 (RFC 5869) on noble: a key schedule takes a dozen HMACs of a few bytes, for which WebCrypto imports a key and starts a job each. */
const hkdfSha256: KDFFactory = () => ({
  ...KDF_HKDF_SHA256(),
  Extract: async (salt, ikm) => extract(sha256, ikm, salt),
  Expand: async (prk, info, length) => expand(sha256, prk, info, length),
});

/** HPKE (RFC 9180) base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
const suite = new CipherSuite(KEM_DHKEM_X25519_HKDF_SHA256, hkdfSha256, AEAD_AES_256_GCM);

/** Bytes of the encapsulated secret, an X25519 public key. */
export const HPKE_ENCAPSULATED_SIZE = 32;

/** What a message is bound to, on both sides. */
export interface HpkeBinding {
  readonly info: Uint8Array;
  readonly additionalData: Uint8Array;
}

/**
 * Seals a message to the holder of an X25519 key: encapsulated secret (32 bytes) ‖ ciphertext ‖ tag (16).
 *
 * @param publicKey the receiver's, 32 bytes; throws hpke's DeserializeError or EncapError on one that cannot receive
 */
export async function hpkeSeal(publicKey: Uint8Array, plaintext: Uint8Array, { info, additionalData }: HpkeBinding): Promise<Uint8Array> {
  const receiver = await suite.DeserializePublicKey(publicKey);
  const { encapsulatedSecret, ciphertext } = await suite.Seal(receiver, plaintext, { info, aad: additionalData });
  return concatBytes([encapsulatedSecret, ciphertext]);
}

/**
 * Whether `hpkeSeal` can seal to a key. X25519 with a point of low order gives zeros whatever the sender's key is: everybody could open it, and HPKE refuses
 * (RFC 9180, section 7.1.4).
 */
export async function canReceive(publicKey: Uint8Array): Promise<boolean> {
  try {
    await suite.SetupSender(await suite.DeserializePublicKey(publicKey));
    return true;
  } catch (error) {
    if (error instanceof EncapError || error instanceof DeserializeError) return false;
    throw error;
  }
}

/** The message, or undefined if it was sealed to another key or binding, or changed. */
export async function hpkeOpen(keys: KeyPair, sealed: Uint8Array, { info, additionalData }: HpkeBinding): Promise<Uint8Array | undefined> {
  const [publicKey, privateKey] = await Promise.all([
    suite.DeserializePublicKey(keys.publicKey),
    suite.DeserializePrivateKey(keys.secretKey),
  ]);
  const [encapsulated, ciphertext] = [sealed.subarray(0, HPKE_ENCAPSULATED_SIZE), sealed.subarray(HPKE_ENCAPSULATED_SIZE)];
  try {
    return await suite.Open({ publicKey, privateKey }, encapsulated, ciphertext, { info, aad: additionalData });
  } catch (error) {
    if (error instanceof OpenError || error instanceof DecapError || error instanceof DeserializeError) return undefined;
    throw error;
  }
}
