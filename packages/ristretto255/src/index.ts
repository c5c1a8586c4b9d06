import { scalarField, scalarToBytes } from "@galen/ledger/crypto/group";
import type { Ristretto255 } from "@galen/ledger/crypto/provider";

/** What `rust/src/lib.rs` exports. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  reserve(terms: number): number;
  is_point(): number;
  multiply_base(): void;
  multiply(): number;
  combine(terms: number): number;
  wipe(terms: number): void;
}

const POINT_SIZE = 32;
const TERM_SIZE = 64;
const ONE = scalarToBytes(1n);
const MINUS_ONE = scalarToBytes(scalarField.neg(1n));

/**
 * ristretto255 by curve25519-dalek, compiled at once from the bytes of `ristretto255.wasm`: in constant time for the scalars of `multiply` and `multiplyBase`,
 * sums of many multiples by Straus' and Pippenger's methods.
 */
export function openRistretto255(code: Uint8Array<ArrayBuffer>): Ristretto255 {
  const { memory, ...curve } = new WebAssembly.Instance(new WebAssembly.Module(code)).exports as unknown as Exports;

  /** Writes the terms, computes, and wipes what was written: scalars may be secrets. Undefined where `compute` says 0. */
  function withTerms<T>(terms: readonly (readonly [point: Uint8Array, scalar: Uint8Array])[], compute: (area: () => Uint8Array) => T): T {
    const size = terms.length * TERM_SIZE;
    const at = curve.reserve(terms.length);
    const area = () => new Uint8Array(memory.buffer, at, size); // the memory may have grown since
    const before = area();
    terms.forEach(([point, scalar], index) => {
      before.set(point, index * TERM_SIZE);
      before.set(scalar, index * TERM_SIZE + POINT_SIZE);
    });
    try {
      return compute(area);
    } finally {
      curve.wipe(terms.length);
    }
  }

  function computed(terms: Parameters<typeof withTerms>[0], compute: () => number): Uint8Array | undefined {
    return withTerms(terms, (area) => (compute() === 1 ? area().slice(0, POINT_SIZE) : undefined));
  }

  function combine(points: readonly Uint8Array[], scalars: readonly Uint8Array[]): Uint8Array | undefined {
    if (points.length !== scalars.length) throw new RangeError("ristretto255: as many scalars as points are needed");
    if (!scalars.every(isReduced)) throw new RangeError("ristretto255: not a reduced scalar");
    if (points.length === 0) return new Uint8Array(POINT_SIZE); // the identity
    if (!points.every(({ length }) => length === POINT_SIZE)) return undefined;
    const terms = points.map((point, index) => [point, scalars[index]!] as const);
    return computed(terms, () => curve.combine(terms.length));
  }

  return {
    isPoint: (point) => point.length === POINT_SIZE && withTerms([[point, ONE]], () => curve.is_point() === 1),
    isScalar: (scalar) => isReduced(scalar) && !isZero(scalar),
    multiplyBase(scalar) {
      return withTerms([[new Uint8Array(POINT_SIZE), requireFactor(scalar)]], (area) => {
        curve.multiply_base();
        return area().slice(0, POINT_SIZE);
      });
    },
    multiply(point, scalar) {
      const factor = requireFactor(scalar);
      return requirePoint(point.length === POINT_SIZE ? computed([[point, factor]], curve.multiply) : undefined);
    },
    add: (a, b) => requirePoint(combine([a, b], [ONE, ONE])),
    subtract: (a, b) => requirePoint(combine([a, b], [ONE, MINUS_ONE])),
    combine,
  };
}

/** Compared on the bytes, from the highest: much cheaper than a big integer of them. */
function isReduced(scalar: Uint8Array): boolean {
  if (scalar.length !== MINUS_ONE.length) return false;
  let at = MINUS_ONE.length - 1;
  while (at > 0 && scalar[at] === MINUS_ONE[at]) at--;
  return scalar[at]! <= MINUS_ONE[at]!;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function requireFactor(scalar: Uint8Array): Uint8Array {
  if (!isReduced(scalar) || isZero(scalar)) throw new RangeError("ristretto255: not a reduced scalar other than zero");
  return scalar;
}

function requirePoint(point: Uint8Array | undefined): Uint8Array {
  if (point === undefined) throw new RangeError("ristretto255: not the canonical encoding of a point other than the identity");
  return point;
}
