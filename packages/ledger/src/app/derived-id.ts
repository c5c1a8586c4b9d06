import { concatBytes } from "../crypto/bytes.ts";
import { bytesToHex, requireHexBytes } from "../crypto/hex.ts";
import type { Context } from "./context.ts";

/**
 * Id of what a message makes, hex of 32 bytes: SHA-256(body hash ‖ position of the message, one byte). Unique on the chain, and fixed when
 * the transaction is signed.
 */
export function derivedId({ bodyHash, messageIndex, crypto }: Pick<Context, "bodyHash" | "messageIndex" | "crypto">): string {
  return bytesToHex(crypto.sha256(concatBytes([requireHexBytes(bodyHash, 32), Uint8Array.of(messageIndex)])));
}
