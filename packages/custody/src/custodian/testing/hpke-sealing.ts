import { concatBytes } from "@galen/ledger/crypto/bytes";
import { x25519 } from "@noble/curves/ed25519.js";
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_X25519_HKDF_SHA256 } from "hpke";
import type { SealingScheme } from "../sealing.ts";

const suite = new CipherSuite(KEM_DHKEM_X25519_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM);

/** The sealing scheme that a node brings, straight from the library. */
export const hpkeSealing: SealingScheme = {
  newKey() {
    const { publicKey, secretKey } = x25519.keygen();
    return { publicKey, secretKey };
  },
  async seal(publicKey, plaintext, { info, additionalData: aad }) {
    const { encapsulatedSecret, ciphertext } = await suite.Seal(await suite.DeserializePublicKey(publicKey), plaintext, { info, aad });
    return concatBytes([encapsulatedSecret, ciphertext]);
  },
  async open(key, sealed, { info, additionalData: aad }) {
    const privateKey = await suite.DeserializePrivateKey(key.secretKey);
    try {
      return await suite.Open(privateKey, sealed.subarray(0, 32), sealed.subarray(32), { info, aad });
    } catch {
      return undefined;
    }
  },
};
