import { GENERATOR, scalarField, scalarToBytes } from "@galen/ledger/crypto/group";
import type { Ristretto255 } from "@galen/ledger/crypto/provider";
import sodium from "libsodium-wrappers-sumo";

// WebAssembly: sodium-native has no ristretto255. The module is compiled once, when this file is loaded.
await sodium.ready;

/** ristretto255 by libsodium, in constant time for the scalars of `multiply` and `multiplyBase`. */
export const nativeRistretto255: Ristretto255 = {
  isPoint,
  isScalar: (scalar) => isReduced(scalar) && !isZero(scalar),
  multiplyBase: (scalar) => sodium.crypto_scalarmult_ristretto255_base(requireFactor(scalar)),
  multiply,
  add: (a, b) => requireSum(sodium.crypto_core_ristretto255_add, a, b),
  subtract: (a, b) => requireSum(sodium.crypto_core_ristretto255_sub, a, b),
  combine,
};

const ONE = scalarToBytes(1n);
const LARGEST = scalarToBytes(scalarField.neg(1n));

function identity(): Uint8Array {
  return new Uint8Array(32);
}

function isPoint(point: Uint8Array): boolean {
  // libsodium counts the identity among the points; its encoding is all zeros.
  return point.length === 32 && !isZero(point) && sodium.crypto_core_ristretto255_is_valid_point(point);
}

/** Compared on the bytes, from the highest: much cheaper than a big integer of them. */
function isReduced(scalar: Uint8Array): boolean {
  if (scalar.length !== 32) return false;
  let at = 31;
  while (at > 0 && scalar[at] === LARGEST[at]) at--;
  return scalar[at]! <= LARGEST[at]!;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function multiply(point: Uint8Array, scalar: Uint8Array): Uint8Array {
  const product = timesUnlessRefused(point, requireFactor(scalar));
  if (product === undefined) throw notAPoint();
  return product;
}

function requireSum(operation: (a: Uint8Array, b: Uint8Array) => Uint8Array, a: Uint8Array, b: Uint8Array): Uint8Array {
  const sum = isZero(a) || isZero(b) ? undefined : unlessRefused(() => operation(a, b));
  if (sum === undefined) throw notAPoint();
  return sum;
}

function combine(points: readonly Uint8Array[], scalars: readonly Uint8Array[]): Uint8Array | undefined {
  if (points.length !== scalars.length) throw new RangeError("ristretto255: as many scalars as points are needed");
  if (!scalars.every(isReduced)) throw new RangeError("ristretto255: not a reduced scalar");
  if (points.length === 0) return identity();
  if (points.length === 1 && isOne(scalars[0]!)) return isPoint(points[0]!) ? points[0]!.slice() : undefined;
  let sum = times(points[0]!, scalars[0]!);
  for (let index = 1; index < points.length && sum !== undefined; index++) sum = plus(sum, times(points[index]!, scalars[index]!));
  return sum;
}

function isOne(scalar: Uint8Array): boolean {
  return Buffer.compare(scalar, ONE) === 0;
}

/** The sum, where libsodium judges whether both are points: they may be the identity. Undefined if one is none. */
function plus(a: Uint8Array, b: Uint8Array | undefined): Uint8Array | undefined {
  return b && unlessRefused(() => sodium.crypto_core_ristretto255_add(a, b));
}

/** Like `multiply` for a reduced scalar that may be zero; undefined if the point is none, but a point times one is for `plus` to judge. */
function times(point: Uint8Array, scalar: Uint8Array): Uint8Array | undefined {
  if (isZero(scalar)) return isPoint(point) ? identity() : undefined;
  if (isOne(scalar)) return isZero(point) ? undefined : point;
  if (Buffer.compare(point, GENERATOR) === 0) return sodium.crypto_scalarmult_ristretto255_base(scalar);
  return timesUnlessRefused(point, scalar);
}

/** Undefined if the point is none: libsodium refuses bad encodings, and products that are the identity, which the identity alone has here. */
function timesUnlessRefused(point: Uint8Array, factor: Uint8Array): Uint8Array | undefined {
  return unlessRefused(() => sodium.crypto_scalarmult_ristretto255(factor, point));
}

/** libsodium decodes what it is given, so a check before it would decode everything twice. Its refusal is an exception. */
function unlessRefused(operation: () => Uint8Array): Uint8Array | undefined {
  try {
    return operation();
  } catch {
    return undefined;
  }
}

function requireFactor(scalar: Uint8Array): Uint8Array {
  if (!isReduced(scalar) || isZero(scalar)) throw new RangeError("ristretto255: not a reduced scalar other than zero");
  return scalar;
}

function notAPoint(): RangeError {
  return new RangeError("ristretto255: not the canonical encoding of a point other than the identity");
}
