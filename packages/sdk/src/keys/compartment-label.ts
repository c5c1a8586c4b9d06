import { bytesToHex } from "@galen/ledger/crypto/hex";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/**
 * The label under which the ledger knows a compartment such as "mental-health": HMAC-SHA256 with the owner's compartment key, hex of 32 bytes. The
 * same name gives the same label for one account and unrelated ones for two, so that nobody reads a diagnosis from a grant.
 */
export function compartmentLabel(compartmentKey: Uint8Array, name: string): string {
  return bytesToHex(hmac(sha256, compartmentKey, new TextEncoder().encode(name.normalize("NFC"))));
}
