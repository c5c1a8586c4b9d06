import { createHash } from "node:crypto";
import sodium from "sodium-native";

const POINT_BYTES = 32;
/** The order of the subgroup, little endian: 2^252 + 27742317777372353535851937790883648493. */
const ORDER = Buffer.from("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", "hex");
const IDENTITY = Uint8Array.of(1, ...new Array<number>(POINT_BYTES - 1).fill(0));
const ZERO = new Uint8Array(POINT_BYTES);

/**
 * Whether a signature holds under ZIP-215: s < L, A and R decode, canonical or not, and 8·s·B = 8·R + 8·k·A with k = SHA-512(R ‖ A ‖ M). From libsodium's operations on the curve,
 * where the reference in JavaScript takes twenty times as long: anybody can make signatures for which it comes to this.
 */
export function verifyCofactored(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const [R, s] = [signature.subarray(0, POINT_BYTES), signature.subarray(POINT_BYTES)];
  if (!isReduced(s)) return false;
  const [A8, R8] = [eightTimes(publicKey), eightTimes(R)];
  if (!A8 || !R8) return false;
  const left = isSame(s, ZERO) ? IDENTITY : multiplyBase(eightTimesScalar(s));
  const k = challenge(R, publicKey, message);
  const right = isSame(A8, IDENTITY) || isSame(k, ZERO) ? R8 : sum(R8, multiply(A8, k))!;
  return isSame(left, right);
}

function isReduced(scalar: Uint8Array): boolean {
  for (let at = POINT_BYTES - 1; at >= 0; at--) if (scalar[at] !== ORDER[at]) return scalar[at]! < ORDER[at]!;
  return false;
}

function challenge(R: Uint8Array, A: Uint8Array, message: Uint8Array): Uint8Array {
  const k = Buffer.alloc(POINT_BYTES);
  sodium.crypto_core_ed25519_scalar_reduce(k, createHash("sha512").update(R).update(A).update(message).digest());
  return k;
}

/** Modulo the order of the group: the point that it multiplies has that order. */
function eightTimesScalar(scalar: Uint8Array): Uint8Array {
  const product = Buffer.from(scalar);
  for (let doubling = 0; doubling < 3; doubling++) sodium.crypto_core_ed25519_scalar_add(product, product, product);
  return product;
}

/** In the subgroup of prime order, whatever it was in before; undefined if the encoding is of no point. */
function eightTimes(point: Uint8Array): Uint8Array | undefined {
  const two = sum(point, point);
  const four = two && sum(two, two);
  return four && sum(four, four);
}

function sum(a: Uint8Array, b: Uint8Array): Uint8Array | undefined {
  const result = Buffer.alloc(POINT_BYTES);
  try {
    sodium.crypto_core_ed25519_add(result, a, b);
    return result;
  } catch {
    return undefined; // one of them is no point: nothing else is refused
  }
}

/** Of a point in the subgroup other than the identity, by a reduced scalar other than zero. */
function multiply(point: Uint8Array, scalar: Uint8Array): Uint8Array {
  const result = Buffer.alloc(POINT_BYTES);
  sodium.crypto_scalarmult_ed25519_noclamp(result, scalar, point);
  return result;
}

/** By a reduced scalar other than zero. */
function multiplyBase(scalar: Uint8Array): Uint8Array {
  const result = Buffer.alloc(POINT_BYTES);
  sodium.crypto_scalarmult_ed25519_base_noclamp(result, scalar);
  return result;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
