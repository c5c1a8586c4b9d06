import { ed25519 } from "@noble/curves/ed25519.js";
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

/** More than may be registered in a block and in the dry runs of the next: some 4 MB. */
const MAX_VERDICTS = 16_384;
/** A registration is judged at its dry run and again in its block, and the square root for its key is most of what either costs. */
const [ed25519Verdicts, p256Verdicts] = [new Map<string, boolean>(), new Map<string, boolean>()];

function remembered(verdicts: Map<string, boolean>, publicKey: Uint8Array, judge: (publicKey: Uint8Array) => boolean): boolean {
  const name = bytesToHex(publicKey);
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  // The oldest goes: all at once would let one transaction with many keys take the verdicts of all others away.
  if (verdicts.size >= MAX_VERDICTS) verdicts.delete(verdicts.keys().next().value!);
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
 * The u-coordinates of order 1, 2, 4 or 8 on Curve25519 and its twist, as RFC 7748 §5 reads them: 0, 1, the two of order 8, p - 1, and p and p + 1, which are
 * read as 0 and 1. Every scalar of X25519 is a multiple of 8, so these and no others lead to the shared secret zero.
 */
const SMALL_ORDER = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

/**
 * True for an X25519 key (32 bytes) with which HPKE seals: one that leads to a shared secret other than zero (RFC 9180 §7.1.4). To a point of small order anybody
 * seals the same, so nobody does. The highest bit is not read.
 */
export function isX25519PublicKey(publicKey: Uint8Array): boolean {
  return publicKey.length === 32 && !SMALL_ORDER.has(bytesToHex(publicKey.with(31, publicKey[31]! & 0x7f)));
}
