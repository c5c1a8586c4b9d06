/**
 * The cryptographic operations that decide. Every provider gives the same verdict on every input; `portable.ts` is the
 * reference (noble, any runtime), `@galen/node` adds a native one. Injected, never global: the ledger stays pure.
 */
export interface CryptoProvider {
  /** SHA-256 (FIPS 180-4) of `data`, 32 bytes. */
  sha256(data: Uint8Array): Uint8Array;
  /** The same, written into `output` from `at` on, where there is room for it: memory of its own would be much of what a short hash costs. */
  sha256Into(data: Uint8Array, output: Uint8Array, at: number): void;
  /**
   * SHA-256 of each 64-byte block of `input` (length 64·n) into `output` (length 32·n), the batch form that the state tree needs.
   * `output` may be a view of the same memory as neither `input` nor anything else being read.
   */
  hashBlocks(input: Uint8Array, output: Uint8Array): void;
  /** Ed25519 under the ZIP-215 rules, the chain's one rule. `publicKey` 32 bytes, `signature` 64 bytes; other lengths are false. */
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** True for a P-256 key in compressed form (SEC 1 §2.3.3), 33 bytes. */
  isP256PublicKey(publicKey: Uint8Array): boolean;
  /** ECDSA P-256 over SHA-256(message), `publicKey` compressed (33 bytes), `signature` r ‖ s (64 bytes, high s accepted). */
  verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  readonly ristretto255: Ristretto255;
}

/**
 * Group operations on ristretto255 (RFC 9496) over encoded values: points 32 bytes, scalars 32 bytes little endian, reduced.
 * An encoded input that is no point, or is the identity, throws RangeError: check what comes from outside with `isPoint` and `isScalar` first.
 */
export interface Ristretto255 {
  /** True for the canonical encoding of a point other than the identity. */
  isPoint(point: Uint8Array): boolean;
  /** True for a reduced scalar other than zero. */
  isScalar(scalar: Uint8Array): boolean;
  /** scalar · G. Throws RangeError on a scalar that is zero or not reduced. */
  multiplyBase(scalar: Uint8Array): Uint8Array;
  /** scalar · point. Throws RangeError on bad encodings. */
  multiply(point: Uint8Array, scalar: Uint8Array): Uint8Array;
  /** a + b; the identity (32 zero bytes) when they cancel, which `isPoint` then refuses. */
  add(a: Uint8Array, b: Uint8Array): Uint8Array;
  /** a - b; the identity (32 zero bytes) when they are equal. */
  subtract(a: Uint8Array, b: Uint8Array): Uint8Array;
  /**
   * Σ scalars[i] · points[i], zero scalars allowed; the identity (32 zero bytes) when the sum vanishes, undefined when one of the points is none.
   * Its time depends on the scalars: for public values only. Throws RangeError on scalars that are not reduced, or not as many as points.
   */
  combine(points: readonly Uint8Array[], scalars: readonly Uint8Array[]): Uint8Array | undefined;
}
