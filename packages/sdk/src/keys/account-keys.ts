import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { slip10Child, slip10Master } from "./slip10.ts";

export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** The keys of one pseudonymous account. All public and secret keys are 32 bytes. */
export interface AccountKeys {
  /** Ed25519: signs transactions. */
  readonly signing: KeyPair;
  /** X25519: opens the owner capsules of the account's records. */
  readonly record: KeyPair;
  /** HMAC key behind the opaque compartment labels. */
  readonly compartmentKey: Uint8Array;
}

/** Galen's purpose in the key tree (BIP-43): "GAL" in ASCII, which no registered purpose uses. */
const PURPOSE = 0x47414c;

/**
 * The keys of account number `index` of a seed. A person has as many accounts as relations; nothing public links them. Path
 * m/PURPOSE'/index' (SLIP-0010) gives the Ed25519 key, and HKDF-SHA256 of it, under the info strings below, the two others.
 *
 * @param seed 64 bytes, from `seedFromWords`
 */
export function accountKeys(seed: Uint8Array, index: number): AccountKeys {
  const { privateKey } = slip10Child(slip10Child(slip10Master(seed), PURPOSE), index);
  const recordSecret = derive(privateKey, "galen/record-key/1");
  return {
    signing: { publicKey: ed25519.getPublicKey(privateKey), secretKey: privateKey },
    record: { publicKey: x25519.getPublicKey(recordSecret), secretKey: recordSecret },
    compartmentKey: derive(privateKey, "galen/compartment-key/1"),
  };
}

function derive(secret: Uint8Array, info: string): Uint8Array {
  return hkdf(sha256, secret, undefined, new TextEncoder().encode(info), 32);
}
