import { randomBytes } from "node:crypto";
import { verifyEqualLogs } from "@galen/ledger/crypto/dleq-proof";
import { requireScalar, scalarField, scalarToBytes } from "@galen/ledger/crypto/group";
import { jointCommitments, lagrangeFactors, publicShare, verifyShare } from "@galen/ledger/crypto/polynomial-commitments";
import { portableCrypto as crypto } from "@galen/ledger/crypto/portable";
import { releaseBase } from "@galen/ledger/crypto/release-statement";
import { verifyPossession } from "@galen/ledger/crypto/schnorr-proof";
import { ristretto255_FROST } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Dealing, deal } from "./deal.ts";
import { jointShare } from "./joint-share.ts";
import { releaseShare } from "./release-share.ts";

const random = (length: number) => new Uint8Array(randomBytes(length));
const context = crypto.sha256(Buffer.from("round"));
const { multiply, multiplyBase } = crypto.ristretto255;
const indexes = (count: number) => Array.from({ length: count }, (_, position) => position + 1);

/** A key as its custodians hold it: everything that a finished round leaves behind. */
interface Held {
  readonly commitments: readonly Uint8Array[];
  readonly shares: ReadonlyMap<number, Uint8Array>;
}

/** Plays one round among honest parties; every receiver checks every share. */
function finish(dealings: ReadonlyMap<number, Dealing>, participants: readonly number[], weights: readonly bigint[]): Held {
  const weighted = [...dealings.values()].map((dealing, position) => ({ ...dealing, weight: weights[position]! }));
  const shares = participants.map((index) => {
    for (const { commitments, shares: dealt } of weighted) {
      expect(verifyShare({ commitments, index, share: dealt.get(index)!, crypto })).toBe(true);
    }
    return [index, jointShare(weighted.map(({ shares: dealt, weight }) => ({ share: dealt.get(index)!, weight })))] as const;
  });
  return { commitments: jointCommitments(weighted, crypto)!, shares: new Map(shares) };
}

function generate(threshold: number, count: number): Held {
  const participants = indexes(count);
  const dealings = new Map(participants.map((dealer) => [dealer, deal({ threshold, participants, context, random, crypto })]));
  return finish(
    dealings,
    participants,
    participants.map(() => 1n),
  );
}

function reshare(held: Held, dealers: readonly number[], next: { threshold: number; participants: readonly number[] }): Held {
  const dealings = new Map(
    dealers.map((dealer) => [dealer, deal({ ...next, context, constantTerm: held.shares.get(dealer)!, random, crypto })]),
  );
  for (const [dealer, { commitments }] of dealings) expect(commitments[0]).toEqual(publicShare(held.commitments, dealer, crypto));
  return finish(dealings, next.participants, lagrangeFactors(dealers));
}

function secretOf({ shares }: Held, holders: readonly number[]): Uint8Array {
  const factors = lagrangeFactors(holders);
  const terms = holders.map((holder, position) => scalarField.mul(requireScalar(shares.get(holder)!), factors[position]!));
  return scalarToBytes(terms.reduce((sum, term) => scalarField.add(sum, term), 0n));
}

/** All choices of `size` of the items. */
function choices<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, position) => choices(items.slice(position + 1), size - 1).map((rest) => [item, ...rest]));
}

const thresholds = indexes(7).flatMap((count) => indexes(Math.min(count, 5)).map((threshold) => [threshold, count] as const));

describe.each(thresholds)("%i of %i", (threshold, count) => {
  const held = generate(threshold, count);
  const publicKey = held.commitments[0]!;

  it("any k shares hold the secret behind the public key, and each fits its public share", () => {
    for (const holders of choices(indexes(count), threshold)) expect(multiplyBase(secretOf(held, holders))).toEqual(publicKey);
    for (const [index, share] of held.shares) expect(multiplyBase(share)).toEqual(publicShare(held.commitments, index, crypto));
  });

  it("fewer than k shares do not", () => {
    for (const holders of choices(indexes(count), threshold - 1))
      expect(secretOf(held, holders)).not.toEqual(secretOf(held, indexes(threshold)));
  });

  it("k released shares make x·(U + R), k - 1 do not", () => {
    const capsulePoint = multiplyBase(random(32).fill(0, 31));
    const requestPoint = multiplyBase(random(32).fill(0, 31));
    const base = releaseBase(crypto, capsulePoint, requestPoint)!;
    const combine = (holders: readonly number[]) => {
      const shares = holders.map((holder) => {
        const share = held.shares.get(holder)!;
        const released = releaseShare({ share, objects: [{ capsulePoint, requestPoint }], context, randomness: random(32), crypto });
        const statement = {
          publicKey: publicShare(held.commitments, holder, crypto)!,
          bases: [base],
          images: released.points,
          context,
          crypto,
        };
        expect(verifyEqualLogs({ ...statement, proof: released.proof })).toBe(true);
        return released.points[0]!;
      });
      return crypto.ristretto255.combine(shares, lagrangeFactors(holders).map(scalarToBytes));
    };
    const expected = multiply(base, secretOf(held, indexes(threshold)));
    expect(combine(indexes(count).slice(-threshold))).toEqual(expected);
    expect(combine(indexes(threshold - 1))).not.toEqual(expected);
  });
});

describe("resharing", () => {
  const held = generate(3, 4);
  const publicKey = held.commitments[0]!;

  it.each([
    ["refreshes the same custodians", [1, 2, 3], { threshold: 3, participants: [1, 2, 3, 4] }],
    ["takes other dealers", [2, 3, 4], { threshold: 3, participants: [1, 2, 3, 4] }],
    ["takes more dealers than needed", [1, 2, 3, 4], { threshold: 3, participants: [1, 2, 3, 4] }],
    ["raises the threshold for more custodians", [1, 2, 4], { threshold: 5, participants: [1, 2, 3, 4, 5, 6, 7] }],
    ["lowers both", [4, 2, 1], { threshold: 1, participants: [9] }],
  ])("%s and keeps the public key", (_, dealers, next) => {
    const after = reshare(held, dealers, next);
    expect(after.commitments[0]).toEqual(publicKey);
    expect(multiplyBase(secretOf(after, next.participants.slice(-next.threshold)))).toEqual(publicKey);
    for (const [index, share] of after.shares) expect(share).not.toEqual(held.shares.get(index));
  });

  it("makes old and new shares useless together", () => {
    const after = reshare(held, [1, 2, 3], { threshold: 3, participants: [1, 2, 3, 4] });
    const mixed = { ...after, shares: new Map([...after.shares, [1, held.shares.get(1)!]]) };
    expect(multiplyBase(secretOf(mixed, [1, 2, 3]))).not.toEqual(publicKey);
  });

  it("by fewer dealers than the threshold gives another key", () => {
    expect(reshare(held, [1, 2], { threshold: 2, participants: [1, 2] }).commitments[0]).not.toEqual(publicKey);
  });
});

describe("a dealing", () => {
  const options = { threshold: 2, participants: [1, 2, 3], context, random, crypto };
  const dealing = deal(options);
  const statement = { points: dealing.commitments.slice(0, 1), context, crypto };

  it("proves its constant term for its own round only", () => {
    expect(verifyPossession({ ...statement, proof: dealing.proof })).toBe(true);
    expect(verifyPossession({ ...statement, context: crypto.sha256(context), proof: dealing.proof })).toBe(false);
  });

  it("is caught with a wrong share, whichever bit is wrong", () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 3), fc.integer({ min: 0, max: 255 }), (index, bit) => {
        const share = dealing.shares.get(index)!.slice();
        share[bit >> 3]! ^= 1 << (bit & 7);
        expect(verifyShare({ commitments: dealing.commitments, index, share, crypto })).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it.each([0, 4, -1])("needs a threshold between 1 and the participants: %i", (threshold) => {
    expect(() => deal({ ...options, threshold })).toThrow(RangeError);
  });
});

describe("noble's FROST as the judge", () => {
  const FROST = ristretto255_FROST;
  const identifiers = indexes(5).map((index) => FROST.Identifier.fromNumber(index));

  it("accepts our shares and commitments", () => {
    const { commitments, shares } = deal({ threshold: 3, participants: indexes(5), context, random, crypto });
    for (const index of indexes(5)) {
      const identifier = identifiers[index - 1]!;
      const pub = { signers: { min: 3, max: 5 }, commitments: [...commitments], verifyingShares: {} };
      FROST.validateSecret({ identifier, signingShare: shares.get(index)! }, pub);
      const wrong = { identifier, signingShare: shares.get((index % 5) + 1)! };
      expect(() => FROST.validateSecret(wrong, pub)).toThrow();
    }
  });

  it("deals shares that we accept, for a secret that we find", () => {
    const secret = scalarToBytes(0xabcdef0123456789n);
    const dealt = FROST.trustedDealer({ min: 3, max: 5 }, identifiers, secret);
    const shares = new Map(indexes(5).map((index) => [index, dealt.secretShares[identifiers[index - 1]!]!.signingShare]));
    for (const [index, share] of shares) {
      expect(verifyShare({ commitments: dealt.public.commitments, index, share, crypto })).toBe(true);
      expect(publicShare(dealt.public.commitments, index, crypto)).toEqual(dealt.public.verifyingShares[identifiers[index - 1]!]);
    }
    for (const holders of choices(indexes(5), 3)) expect(secretOf({ commitments: [], shares }, holders)).toEqual(secret);
  });
});
