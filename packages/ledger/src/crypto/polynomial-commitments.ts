import { equalBytes } from "./bytes.ts";
import { scalarField, scalarToBytes } from "./group.ts";
import type { CryptoProvider } from "./provider.ts";

/**
 * Feldman's verifiable secret sharing (FOCS 1987) on ristretto255. A polynomial f of degree k - 1 is published as commitments C_m = c_m·G to
 * its k coefficients, constant term first; participant i (from 1) holds the share f(i) and everybody can compute the public share f(i)·G.
 */

/** The most participants of one key: indexes are small, so that public shares stay cheap to compute. */
export const MAX_PARTICIPANTS = 255;

/** f(index)·G: what the share of this participant must lie behind. Undefined if a commitment is no point or the share would be zero. */
export function publicShare(commitments: readonly Uint8Array[], index: number, crypto: CryptoProvider): Uint8Array | undefined {
  const x = BigInt(requireIndex(index));
  const powers = commitments.map((_, power) => scalarToBytes(scalarField.pow(x, BigInt(power))));
  const share = crypto.ristretto255.combine(commitments, powers);
  return share !== undefined && crypto.ristretto255.isPoint(share) ? share : undefined;
}

/** True if `share` (scalar, 32 bytes) is the value at `index` of the polynomial behind the commitments. Never throws on bytes from outside. */
export function verifyShare(input: {
  commitments: readonly Uint8Array[];
  index: number;
  share: Uint8Array;
  crypto: CryptoProvider;
}): boolean {
  const { commitments, index, share, crypto } = input;
  const expected = publicShare(commitments, index, crypto);
  return expected !== undefined && crypto.ristretto255.isScalar(share) && equalBytes(crypto.ristretto255.multiplyBase(share), expected);
}

/** A polynomial that a dealer published, and the factor with which it counts in the joint one. */
export interface WeightedDealing {
  readonly commitments: readonly Uint8Array[];
  readonly weight: bigint;
}

/**
 * Commitments of the joint polynomial Σ weight_d · f_d; the first is the collective public key. Undefined if the dealings differ in
 * length, hold what is no point, or cancel to a commitment that is none.
 */
export function jointCommitments(dealings: readonly WeightedDealing[], crypto: CryptoProvider): Uint8Array[] | undefined {
  const threshold = dealings[0]?.commitments.length ?? 0;
  if (threshold === 0 || dealings.some(({ commitments }) => commitments.length !== threshold)) return undefined;
  const weights = dealings.map(({ weight }) => scalarToBytes(weight));
  const joint: Uint8Array[] = [];
  for (let power = 0; power < threshold; power++) {
    const sum = crypto.ristretto255.combine(
      dealings.map(({ commitments }) => commitments[power]!),
      weights,
    );
    if (sum === undefined || !crypto.ristretto255.isPoint(sum)) return undefined;
    joint.push(sum);
  }
  return joint;
}

/**
 * Lagrange's factors at zero for distinct participants: f(0) = Σ factor_i · f(i) for every polynomial of lower degree than there are indexes.
 * In the order of `indexes`. Throws RangeError on an index outside 1 to `MAX_PARTICIPANTS` or repeated.
 */
export function lagrangeFactors(indexes: readonly number[]): bigint[] {
  if (new Set(indexes).size !== indexes.length) throw new RangeError("participants must be distinct");
  const points = indexes.map((index) => BigInt(requireIndex(index)));
  return points.map((x) => {
    const others = points.filter((other) => other !== x);
    const numerator = others.reduce((product, other) => scalarField.mul(product, other), 1n);
    const denominator = others.reduce((product, other) => scalarField.mul(product, scalarField.sub(other, x)), 1n);
    return scalarField.mul(numerator, scalarField.inv(denominator));
  });
}

function requireIndex(index: number): number {
  if (!Number.isInteger(index) || index < 1 || index > MAX_PARTICIPANTS) {
    throw new RangeError(`a participant's index lies between 1 and ${MAX_PARTICIPANTS}`);
  }
  return index;
}
