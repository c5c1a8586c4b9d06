import { GENERATOR, scalarFromBytes, scalarToBytes } from "@galen/ledger/crypto/group";
import type { Ristretto255 } from "@galen/ledger/crypto/provider";
import sodium from "libsodium-wrappers-sumo";

// WebAssembly: sodium-native has no ristretto255. The module is compiled once, when this file is loaded.
await sodium.ready;

/** ristretto255 by libsodium, in constant time for the scalars of `multiply` and `multiplyBase`. */
export const nativeRistretto255: Ristretto255 = {
  isPoint,
  isScalar,
  multiplyBase: (scalar) => sodium.crypto_scalarmult_ristretto255_base(requireFactor(scalar)),
  multiply: (point, scalar) => sodium.crypto_scalarmult_ristretto255(requireFactor(scalar), requirePoint(point)),
  add: (a, b) => sodium.crypto_core_ristretto255_add(requirePoint(a), requirePoint(b)),
  subtract: (a, b) => sodium.crypto_core_ristretto255_sub(requirePoint(a), requirePoint(b)),
  combine,
};

const IDENTITY = new Uint8Array(32);
const ONE = scalarToBytes(1n);

function isPoint(point: Uint8Array): boolean {
  // libsodium counts the identity among the points; its encoding is all zeros.
  return point.length === 32 && sodium.crypto_core_ristretto255_is_valid_point(point) && point.some((byte) => byte !== 0);
}

function isScalar(scalar: Uint8Array): boolean {
  return (scalarFromBytes(scalar) ?? 0n) !== 0n;
}

function combine(points: readonly Uint8Array[], scalars: readonly Uint8Array[]): Uint8Array | undefined {
  if (points.length !== scalars.length) throw new RangeError("ristretto255: as many scalars as points are needed");
  if (!scalars.every((scalar) => scalarFromBytes(scalar) !== undefined)) throw new RangeError("ristretto255: not a reduced scalar");
  if (!points.every(isPoint)) return undefined;
  return points
    .map((point, index) => times(point, scalars[index]!))
    .reduce((sum, term) => sodium.crypto_core_ristretto255_add(sum, term), IDENTITY);
}

/** Like `multiply` for a reduced scalar that may be zero. */
function times(point: Uint8Array, scalar: Uint8Array): Uint8Array {
  if (!isScalar(scalar)) return IDENTITY;
  if (Buffer.compare(scalar, ONE) === 0) return point;
  if (Buffer.compare(point, GENERATOR) === 0) return sodium.crypto_scalarmult_ristretto255_base(scalar);
  return sodium.crypto_scalarmult_ristretto255(scalar, point);
}

function requirePoint(point: Uint8Array): Uint8Array {
  if (!isPoint(point)) throw new RangeError("ristretto255: not the canonical encoding of a point other than the identity");
  return point;
}

function requireFactor(scalar: Uint8Array): Uint8Array {
  if (!isScalar(scalar)) throw new RangeError("ristretto255: not a reduced scalar other than zero");
  return scalar;
}
