import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { bytesToHex } from "./hex.ts";
import type { CryptoProvider } from "./provider.ts";

/**
 * True for an Ed25519 key that a person can hold: canonical encoding of a point that is not of small order. Signatures are judged by ZIP-215 alone,
 * under which anybody can sign for a point of small order; such a key is refused where keys are registered.
 */
export function isEd25519PublicKey(publicKey: Uint8Array): boolean {
  return remembered(ed25519Verdicts, publicKey, isHeldByOne);
}

/** True for a P-256 key in compressed form, as `crypto` judges it. */
export function isP256PublicKey(publicKey: Uint8Array, { isP256PublicKey: judge }: Pick<CryptoProvider, "isP256PublicKey">): boolean {
  return remembered(p256Verdicts, publicKey, judge);
}

/** As many as may be registered in a block and in the dry runs of the next. */
const MAX_VERDICTS = 4_096;
/** A registration is judged at its dry run and again in its block, and the square root for its key is most of what either costs. */
const [ed25519Verdicts, p256Verdicts] = [new Map<string, boolean>(), new Map<string, boolean>()];

function remembered(verdicts: Map<string, boolean>, publicKey: Uint8Array, judge: (publicKey: Uint8Array) => boolean): boolean {
  const name = bytesToHex(publicKey);
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  if (verdicts.size >= MAX_VERDICTS) verdicts.clear();
  const verdict = judge(publicKey);
  verdicts.set(name, verdict);
  return verdict;
}

function isHeldByOne(publicKey: Uint8Array): boolean {
  try {
    return !ed25519.Point.fromBytes(publicKey).isSmallOrder();
  } catch {
    return false;
  }
}

/**
 * True for an X25519 key (32 bytes) with which HPKE seals: one that leads to a shared secret other than zero (RFC 9180 §7.1.4). To a point of small order anybody
 * seals the same, so nobody does. Encodings that are not canonical are read as RFC 7748 §5 reads them.
 */
export function isX25519PublicKey(publicKey: Uint8Array): boolean {
  try {
    x25519.scalarMult(SOME_SECRET, publicKey);
    return true;
  } catch {
    return false;
  }
}

/** Whether the shared secret is zero is the same for all secrets: they are multiples of the cofactor. */
const SOME_SECRET = new Uint8Array(32);
