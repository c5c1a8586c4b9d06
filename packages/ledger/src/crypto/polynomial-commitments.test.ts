import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scalarField, scalarToBytes } from "./group.ts";
import { jointCommitments, lagrangeFactors, publicShare, verifyShare } from "./polynomial-commitments.ts";
import { portableCrypto as crypto } from "./portable.ts";

const { multiplyBase } = crypto.ristretto255;
const commit = (coefficients: readonly bigint[]) => coefficients.map((coefficient) => multiplyBase(scalarToBytes(coefficient)));
const evaluate = (coefficients: readonly bigint[], x: bigint) =>
  coefficients.reduceRight((value, coefficient) => scalarField.add(scalarField.mul(value, x), coefficient), 0n);
const scalar = fc.bigInt({ min: 1n, max: scalarField.ORDER - 1n });

const coefficients = [11n, scalarField.ORDER - 5n, 2n ** 200n];
const commitments = commit(coefficients);
const share = scalarToBytes(evaluate(coefficients, 3n));
const identity = new Uint8Array(32);

describe("Feldman commitments", () => {
  it("accept the shares of their polynomial", () => {
    fc.assert(
      fc.property(fc.array(scalar, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 255 }), (polynomial, index) => {
        const value = scalarToBytes(evaluate(polynomial, BigInt(index)));
        expect(verifyShare({ commitments: commit(polynomial), index, share: value, crypto })).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it.each([
    ["another participant's share", { index: 4 }],
    ["a share one off", { share: scalarToBytes(evaluate(coefficients, 3n) + 1n) }],
    ["the zero share", { share: identity }],
    ["a share that is not reduced", { share: new Uint8Array(32).fill(255) }],
    ["a share cut short", { share: share.subarray(0, 31) }],
    ["a commitment fewer", { commitments: commitments.slice(0, 2) }],
    ["commitments in another order", { commitments: commitments.toReversed() }],
    ["the identity as a commitment", { commitments: [...commitments, identity] }],
    ["a commitment that is no point", { commitments: [identity.map(() => 255)] }],
    ["no commitments", { commitments: [] }],
  ])("refuse %s", (_, change) => {
    expect(verifyShare({ commitments, index: 3, share, crypto })).toBe(true);
    expect(verifyShare({ commitments, index: 3, share, crypto, ...change })).toBe(false);
  });

  it("give no public share where the polynomial has a root", () => {
    expect(publicShare(commit([scalarField.ORDER - 6n, 2n]), 3, crypto)).toBeUndefined();
  });

  it.each([0, -1, 256, 1.5, Number.NaN])("refuse %d as a participant", (index) => {
    expect(() => publicShare(commitments, index, crypto)).toThrow(RangeError);
    expect(() => lagrangeFactors([1, index])).toThrow(RangeError);
  });
});

describe("joint commitments", () => {
  const dealing = (polynomial: readonly bigint[], weight = 1n) => ({ commitments: commit(polynomial), weight });

  it("belong to the weighted sum of the polynomials", () => {
    const joint = jointCommitments([dealing([3n, 4n], 2n), dealing([10n, 20n], scalarField.ORDER - 1n)], crypto);
    expect(joint).toEqual(commit([scalarField.create(-4n), scalarField.create(-12n)]));
  });

  it.each([
    ["there are none", []],
    ["their lengths differ", [dealing([1n, 2n]), dealing([1n])]],
    ["they cancel", [dealing([1n, 2n]), dealing([scalarField.ORDER - 1n, 5n])]],
    ["one holds no point", [dealing([1n, 2n]), { commitments: [identity, identity], weight: 1n }]],
  ])("are refused if %s", (_, dealings) => {
    expect(jointCommitments(dealings, crypto)).toBeUndefined();
  });
});

describe("Lagrange factors", () => {
  it("give back the constant term from any k participants", () => {
    const polynomial = fc.array(scalar, { minLength: 1, maxLength: 7 });
    const indexes = fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(polynomial, indexes, (terms, everybody) => {
        const some = everybody.slice(0, terms.length);
        const value = lagrangeFactors(some).reduce((sum, factor, position) => {
          return scalarField.add(sum, scalarField.mul(factor, evaluate(terms, BigInt(some[position]!))));
        }, 0n);
        expect(value).toBe(terms[0]);
      }),
    );
  });

  it("need distinct participants", () => {
    expect(() => lagrangeFactors([1, 2, 1])).toThrow(RangeError);
  });
});
