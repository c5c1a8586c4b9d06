import { webSource } from "./web-source.ts";

/** AES-256-GCM (NIST SP 800-38D) by WebCrypto: tags of 16 bytes behind the ciphertext, nonces of 12 bytes. */
export const GCM_TAG_SIZE = 16;
export const GCM_NONCE_SIZE = 12;

/** Nonce and additional data of one encryption. A nonce must never come twice under one key. */
export interface GcmParameters {
  readonly nonce: Uint8Array;
  readonly additionalData: Uint8Array;
}

/** A key of 32 bytes, ready for use. */
export function importAesKey(bytes: Uint8Array): Promise<CryptoKey> {
  if (bytes.length !== 32) throw new RangeError("an AES-256 key has 32 bytes");
  return crypto.subtle.importKey("raw", webSource(bytes), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** Ciphertext ‖ tag. */
export async function encryptAesGcm(key: CryptoKey, parameters: GcmParameters, plaintext: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.encrypt(webParameters(parameters), key, webSource(plaintext)));
}

/** The plaintext, or undefined if key, nonce, additional data or a bit of the ciphertext is another than at encryption. */
export async function decryptAesGcm(key: CryptoKey, parameters: GcmParameters, ciphertext: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(webParameters(parameters), key, webSource(ciphertext)));
  } catch (error) {
    if (error instanceof DOMException && error.name === "OperationError") return undefined;
    throw error;
  }
}

function webParameters({ nonce, additionalData }: GcmParameters): AesGcmParams {
  if (nonce.length !== GCM_NONCE_SIZE) throw new RangeError("an AES-GCM nonce has 12 bytes");
  return { name: "AES-GCM", iv: webSource(nonce), additionalData: webSource(additionalData), tagLength: 8 * GCM_TAG_SIZE };
}
