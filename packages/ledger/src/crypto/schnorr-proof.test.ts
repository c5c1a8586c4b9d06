import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scalarFromUniform, scalarToBytes } from "./group.ts";
import { portableCrypto as crypto } from "./portable.ts";
import { provePossession, verifyPossession } from "./schnorr-proof.ts";

const { add, subtract, multiplyBase } = crypto.ristretto255;
const secret = (name: string) =>
  scalarToBytes(scalarFromUniform(Uint8Array.of(...crypto.sha256(Buffer.from(name)), ...crypto.sha256(Buffer.from(`${name}'`)))));
const context = crypto.sha256(Buffer.from("label"));
const randomness = new Uint8Array(32).fill(7);
const secrets = ["a", "b", "c"].map(secret);
const points = secrets.map(multiplyBase);
const proof = provePossession({ secrets, points, context, randomness, crypto });

describe("proof of possession", () => {
  it.each([1, 2, 3, 7])("accepts an honest proof over %i points", (count) => {
    const own = Array.from({ length: count }, (_, index) => secret(`${index}`));
    const statement = { points: own.map(multiplyBase), context, crypto };
    expect(verifyPossession({ ...statement, proof: provePossession({ ...statement, secrets: own, randomness }) })).toBe(true);
  });

  const [first, second, third] = points as [Uint8Array, Uint8Array, Uint8Array];
  it.each([
    ["another context", { context: crypto.sha256(context) }],
    ["an empty context", { context: new Uint8Array() }],
    ["points in another order", { points: [second, first, third] }],
    ["a point fewer", { points: [first, second] }],
    ["a point more", { points: [...points, first] }],
    ["another point", { points: [first, second, multiplyBase(secret("d"))] }],
    ["a shift between two points, sum unchanged", { points: [add(first, third), subtract(second, third), third] }],
    ["the identity as a point", { points: [first, second, new Uint8Array(32)] }],
    ["no points", { points: [] }],
    ["a proof cut short", { proof: proof.subarray(0, 63) }],
    ["a proof with a byte more", { proof: Uint8Array.of(...proof, 0) }],
    ["an empty proof", { proof: new Uint8Array() }],
    ["a proof of zeros", { proof: new Uint8Array(64) }],
  ])("refuses %s", (_, change) => {
    expect(verifyPossession({ points, context, proof, crypto, ...change })).toBe(false);
  });

  it("refuses every proof with one bit changed", () => {
    const statement = { points: [first], context, crypto };
    const single = provePossession({ ...statement, secrets: [secrets[0]!], randomness });
    for (let bit = 0; bit < 512; bit++) {
      const changed = single.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(verifyPossession({ ...statement, proof: changed })).toBe(false);
    }
  });

  it("never throws on any bytes", () => {
    const anyBytes = fc.uint8Array({ maxLength: 70 });
    fc.assert(
      fc.property(fc.array(anyBytes, { maxLength: 3 }), anyBytes, anyBytes, (anyPoints, anyContext, anyProof) => {
        expect(verifyPossession({ points: anyPoints, context: anyContext, proof: anyProof, crypto })).toBe(false);
      }),
    );
  });

  it("hides the secrets even when the randomness repeats", () => {
    const again = provePossession({ secrets, points, context: crypto.sha256(context), randomness, crypto });
    expect(again.subarray(0, 32)).not.toEqual(proof.subarray(0, 32));
  });
});
