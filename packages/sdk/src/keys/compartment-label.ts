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

/**
 * Labels as a message names them, each once: sorted, which tells nothing of labels. In the order of the names that they stand for, a grant of several would say
 * to everybody which of them is which.
 */
export function sortedLabels(labels: Iterable<string>): string[] {
  return [...new Set(labels)].toSorted();
}
