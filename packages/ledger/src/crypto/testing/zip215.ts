import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes } from "../bytes.ts";
import { hexToBytes } from "../hex.ts";

/** The rule of ZIP-215 written out point by point: the judge in tests, slow and with nothing in common with a verifier but the curve. */
export function zip215Accepts(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const a = ed25519.Point.fromBytes(publicKey, true);
    const r = ed25519.Point.fromBytes(signature.subarray(0, 32), true);
    const s = integer(signature.subarray(32));
    if (s >= ORDER) return false;
    const h = integer(sha512(concatBytes([signature.subarray(0, 32), publicKey, message]))) % ORDER;
    const difference = times(ed25519.Point.BASE, s).subtract(r).subtract(times(a, h));
    return times(difference, 8n).is0();
  } catch {
    return false;
  }
}

const ORDER = ed25519.Point.Fn.ORDER;
type Point = typeof ed25519.Point.BASE;

function times(point: Point, factor: bigint): Point {
  let sum = ed25519.Point.ZERO;
  for (const bit of factor.toString(2)) sum = bit === "1" ? sum.double().add(point) : sum.double();
  return sum;
}

function integer(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
}

/**
 * Every encoding of the eight points of small order: the canonical ones, and those with y not reduced modulo p = 2^255 - 19 or with the sign
 * bit set where x = 0. All of them decode under ZIP-215.
 */
export const smallOrderEncodings: readonly Uint8Array[] = [
  `01${"00".repeat(31)}`, // order 1
  `01${"00".repeat(30)}80`,
  `ee${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(31)}`,
  `ec${"ff".repeat(30)}7f`, // order 2
  `ec${"ff".repeat(31)}`,
  "00".repeat(32), // order 4
  `${"00".repeat(31)}80`,
  `ed${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", // order 8
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
].map((hex) => hexToBytes(hex)!);

/** Every encoding with p <= y < 2^255 (both signs), whether or not a point has that y: non-canonical all of them. */
export const unreducedEncodings: readonly Uint8Array[] = Array.from({ length: 19 }, (_, y) =>
  [0x7f, 0xff].map((last) => {
    const bytes = new Uint8Array(32).fill(0xff);
    bytes[0] = 0xed + y;
    bytes[31] = last;
    return bytes;
  }),
).flat();

/** A signature that holds only because ZIP-215 multiplies by the cofactor: key and commitment each shifted by a point of small order. */
export function signatureWithTorsion(message: Uint8Array, shift: { key: Uint8Array; commitment: Uint8Array }) {
  const secret = 0x1234567890abcdefn;
  const nonce = 0xfedcba0987654321n;
  const publicKey = times(ed25519.Point.BASE, secret).add(ed25519.Point.fromBytes(shift.key, true)).toBytes();
  const commitment = times(ed25519.Point.BASE, nonce).add(ed25519.Point.fromBytes(shift.commitment, true)).toBytes();
  const h = integer(sha512(concatBytes([commitment, publicKey, message]))) % ORDER;
  const response = ed25519.Point.Fn.toBytes((nonce + h * secret) % ORDER);
  return { publicKey, signature: concatBytes([commitment, response]) };
}
