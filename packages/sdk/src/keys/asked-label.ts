import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { KeyPair } from "./account-keys.ts";

const INFO = new TextEncoder().encode("galen/asked-label/1");

/** Names compartments in requests between two accounts: label of a name, for one request. */
export type AskedLabel = (grantId: string, name: string) => string;

/**
 * Labels under which somebody asks an owner for compartments. The asker does not know the owner's own labels, and what is asked for must not be readable from
 * the ledger: the label is HMAC-SHA256 over the request's grant id and the name, under a key that only the two derive, HKDF-SHA256 of X25519 between their
 * record keys (RFC 7748 §6.1). Such a label stands for no compartment: a grant of it opens nothing.
 *
 * @param own record keys of one side
 * @param other public record key of the other side, hex; undefined is returned for a key of low order, from which everybody could derive
 */
export function askedLabelBetween(own: KeyPair, other: string): AskedLabel | undefined {
  const shared = sharedSecret(own, other);
  if (!shared) return undefined;
  const key = hkdf(sha256, shared, undefined, INFO, 32);
  return (grantId, name) => bytesToHex(hmac(sha256, key, new TextEncoder().encode(`${grantId}/${name.normalize("NFC")}`)));
}

function sharedSecret({ secretKey }: KeyPair, other: string): Uint8Array | undefined {
  const publicKey = hexToBytes(other);
  if (publicKey?.length !== 32) return undefined;
  try {
    return x25519.getSharedSecret(secretKey, publicKey);
  } catch {
    // noble refuses what would give a secret of zeros.
    return undefined;
  }
}
