import { ristretto255 } from "@noble/curves/ed25519.js";
import { hexToBytes } from "./hex.ts";

/** Encoding of G, the generator of ristretto255 (RFC 9496 §4). */
export const GENERATOR = hexToBytes("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76")!;

/**
 * Integers modulo the order of ristretto255: `add`, `sub`, `mul`, `inv`, `neg`. JavaScript's big integers take a time that depends on their values,
 * so a custodian's share is never alone in one process with code that could measure it; operations on points with it are the provider's.
 */
export const scalarField = ristretto255.Point.Fn;

/** 32 bytes, little endian. */
export function scalarToBytes(scalar: bigint): Uint8Array {
  return scalarField.toBytes(scalar);
}

/** Undefined unless `bytes` are the 32 bytes of a reduced scalar; zero is one. */
export function scalarFromBytes(bytes: Uint8Array): bigint | undefined {
  if (bytes.length !== scalarField.BYTES) return undefined;
  const scalar = scalarField.fromBytes(bytes, true);
  return scalarField.isValid(scalar) ? scalar : undefined;
}

/** Like `scalarFromBytes` for a value of our own. Throws RangeError if it is none. */
export function requireScalar(bytes: Uint8Array): bigint {
  const scalar = scalarFromBytes(bytes);
  if (scalar === undefined) throw new RangeError("a reduced scalar of 32 bytes is needed");
  return scalar;
}

/** A scalar without noticeable bias from 64 uniform bytes (RFC 9496 §4.4). */
export function scalarFromUniform(bytes: Uint8Array): bigint {
  if (bytes.length !== 64) throw new RangeError("a scalar needs 64 uniform bytes");
  return scalarField.create(littleEndian(bytes));
}

/** The integer that `bytes` write in little endian. */
export function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
