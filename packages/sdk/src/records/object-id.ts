import { bytesToHex } from "@galen/ledger/crypto/hex";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/**
 * The object id, hex, that an author gives to a document of its own: HMAC-SHA256 of the document's key, so that filing it again finds it filed.
 * Nobody else can guess it.
 *
 * @param secret at least 32 bytes that only the author knows
 * @param documentKey what the author calls the document, such as owner, source and number
 */
export function deriveObjectId(secret: Uint8Array, documentKey: string): string {
  if (secret.length < 32) throw new RangeError("the secret behind object ids has at least 32 bytes");
  return bytesToHex(hmac(sha256, secret, new TextEncoder().encode(`galen/object-id/1:${documentKey}`)));
}
