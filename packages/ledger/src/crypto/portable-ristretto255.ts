import { mulAddUnsafe } from "@noble/curves/abstract/curve.js";
import { ristretto255 } from "@noble/curves/ed25519.js";
import type { Ristretto255 } from "./provider.ts";

const { Point } = ristretto255;
const { Fn } = Point;

/** ristretto255 on noble: the reference for encodings and verdicts. */
export const portableRistretto255: Ristretto255 = {
  isPoint: (point) => decodePoint(point) !== undefined,
  isScalar: (scalar) => (decodeScalar(scalar) ?? 0n) !== 0n,
  multiplyBase: (scalar) => Point.BASE.multiply(requireFactor(scalar)).toBytes(),
  multiply: (point, scalar) => requirePoint(point).multiply(requireFactor(scalar)).toBytes(),
  add: (a, b) => requirePoint(a).add(requirePoint(b)).toBytes(),
  subtract: (a, b) => requirePoint(a).subtract(requirePoint(b)).toBytes(),
  combine,
};

function combine(points: readonly Uint8Array[], scalars: readonly Uint8Array[]): Uint8Array | undefined {
  if (points.length !== scalars.length) throw new RangeError("ristretto255: as many scalars as points are needed");
  const factors = scalars.map(requireScalar);
  const decoded = points.map(decodePoint).filter((point) => point !== undefined);
  return decoded.length === points.length ? mulAddUnsafe(Point, decoded, factors).toBytes() : undefined;
}

function decodePoint(bytes: Uint8Array) {
  try {
    const point = Point.fromBytes(bytes); // RFC 9496 §4.3.1: refuses every non-canonical encoding
    return point.is0() ? undefined : point;
  } catch {
    return undefined;
  }
}

function decodeScalar(bytes: Uint8Array): bigint | undefined {
  try {
    return Fn.fromBytes(bytes);
  } catch {
    return undefined;
  }
}

function requirePoint(bytes: Uint8Array) {
  const point = decodePoint(bytes);
  if (point === undefined) throw new RangeError("ristretto255: not the canonical encoding of a point other than the identity");
  return point;
}

function requireScalar(bytes: Uint8Array): bigint {
  const scalar = decodeScalar(bytes);
  if (scalar === undefined) throw new RangeError("ristretto255: not a reduced scalar");
  return scalar;
}

function requireFactor(bytes: Uint8Array): bigint {
  const scalar = requireScalar(bytes);
  if (scalar === 0n) throw new RangeError("ristretto255: the scalar is zero");
  return scalar;
}
