import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proveEqualLogs, verifyEqualLogs } from "./dleq-proof.ts";
import { scalarToBytes } from "./group.ts";
import { portableCrypto as crypto } from "./portable.ts";

const { add, subtract, multiply, multiplyBase } = crypto.ristretto255;
const secret = scalarToBytes(0x1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcden);
const publicKey = multiplyBase(secret);
const bases = [3n, 5n, 9n].map((factor) => multiplyBase(scalarToBytes(factor)));
const images = bases.map((base) => multiply(base, secret));
const context = crypto.sha256(Buffer.from("request"));
const randomness = new Uint8Array(32).fill(1);
const statement = { publicKey, bases, images, context, crypto };
const proof = proveEqualLogs({ ...statement, secret, randomness });

describe("proof of equal logarithms", () => {
  it.each([1, 2, 3])("accepts an honest proof over %i points", (count) => {
    const part = { ...statement, bases: bases.slice(0, count), images: images.slice(0, count) };
    expect(verifyEqualLogs({ ...part, proof: proveEqualLogs({ ...part, secret, randomness }) })).toBe(true);
  });

  const [first, second, third] = images as [Uint8Array, Uint8Array, Uint8Array];
  it.each([
    ["another context", { context: publicKey }],
    ["another public key", { publicKey: multiplyBase(scalarToBytes(77n)) }],
    ["the identity as public key", { publicKey: new Uint8Array(32) }],
    ["an image of another secret", { images: [first, second, multiply(bases[2]!, scalarToBytes(5n))] }],
    ["errors that cancel in the sum", { images: [add(first, third), subtract(second, third), third] }],
    ["images in another order", { images: [second, first, third] }],
    ["an image fewer", { images: [first, second] }],
    ["bases and images exchanged", { bases: images, images: bases }],
    ["the identity as base and image", { bases: [new Uint8Array(32)], images: [new Uint8Array(32)] }],
    ["nothing to prove", { bases: [], images: [] }],
    ["a proof cut short", { proof: proof.subarray(0, 63) }],
    ["a proof of zeros", { proof: new Uint8Array(64) }],
  ])("refuses %s", (_, change) => {
    expect(verifyEqualLogs({ ...statement, proof, ...change })).toBe(false);
  });

  it("refuses a proof by another secret than the public key's, even over images that fit it", () => {
    const other = scalarToBytes(99n);
    const forged = { ...statement, images: bases.map((base) => multiply(base, other)) };
    expect(verifyEqualLogs({ ...forged, proof: proveEqualLogs({ ...forged, secret: other, randomness }) })).toBe(false);
  });

  it("refuses every proof with one bit changed", () => {
    const single = { ...statement, bases: bases.slice(0, 1), images: images.slice(0, 1) };
    const good = proveEqualLogs({ ...single, secret, randomness });
    for (let bit = 0; bit < 512; bit++) {
      const changed = good.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(verifyEqualLogs({ ...single, proof: changed })).toBe(false);
    }
  });

  it("never throws on any bytes", () => {
    const anyBytes = fc.uint8Array({ maxLength: 70 });
    const anyPoints = fc.array(fc.oneof(anyBytes, fc.constantFrom(...bases)), { maxLength: 2 });
    fc.assert(
      fc.property(anyBytes, anyPoints, anyPoints, anyBytes, (anyKey, anyBases, anyImages, anyProof) => {
        expect(verifyEqualLogs({ publicKey: anyKey, bases: anyBases, images: anyImages, context, proof: anyProof, crypto })).toBe(false);
      }),
    );
  });
});
