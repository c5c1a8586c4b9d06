import { ed25519, ristretto255 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outsideData } from "../../testing/outside-data.ts";
import { concatBytes } from "../bytes.ts";
import { GENERATOR, scalarField, scalarToBytes } from "../group.ts";
import { bytesToHex, hexToBytes } from "../hex.ts";
import type { CryptoProvider } from "../provider.ts";
import { signatureWithTorsion, smallOrderEncodings, unreducedEncodings, zip215Accepts } from "./zip215.ts";

/** What every crypto provider must do, as tests; each provider's own test file calls this. */
export function describeProvider(name: string, crypto: CryptoProvider): void {
  describe(`${name} provider`, () => {
    describe("SHA-256", () => describeSha256(crypto));
    describe("Ed25519", () => describeEd25519(crypto));
    describe("Ed25519, Wycheproof", () => describeWycheproofEd25519(crypto));
    describe("P-256", () => describeP256(crypto));
    describe("P-256, Wycheproof", () => describeWycheproofP256(crypto));
    describe("ristretto255", () => describeRistretto(crypto));
  });
}

const bytes = (hex: string) => hexToBytes(hex)!;

function describeSha256(crypto: CryptoProvider): void {
  it.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ])("of %j (FIPS 180-4)", (text, expected) => {
    expect(bytesToHex(crypto.sha256(Buffer.from(text)))).toBe(expected);
    const memory = new Uint8Array(40);
    crypto.sha256Into(Buffer.from(text), memory, 5);
    expect(bytesToHex(memory)).toBe(`${"00".repeat(5)}${expected}${"00".repeat(3)}`);
  });

  it.each([0, 1, 2, 3, 31])("hashes %i blocks of 64 bytes at once, into a part of a larger array", (count) => {
    const input = Uint8Array.from({ length: 64 * count }, (_, at) => (at * 31) & 0xff);
    const memory = new Uint8Array(32 * count + 20);
    crypto.hashBlocks(input, memory.subarray(10, 10 + 32 * count));
    const expected = Array.from({ length: count }, (_, block) => crypto.sha256(input.subarray(64 * block, 64 * block + 64)));
    expect(bytesToHex(memory)).toBe(bytesToHex(concatBytes([new Uint8Array(10), ...expected, new Uint8Array(10)])));
  });

  it.each([
    [63, 32],
    [64, 31],
    [64, 64],
    [128, 32],
  ])("refuses %i bytes of blocks into %i bytes", (input, output) => {
    expect(() => crypto.hashBlocks(new Uint8Array(input), new Uint8Array(output))).toThrow();
  });
}

function describeEd25519(crypto: CryptoProvider): void {
  const secretKey = new Uint8Array(32).fill(3);
  const publicKey = ed25519.getPublicKey(secretKey);

  it("accepts what was signed and refuses every single changed bit", () => {
    const message = Uint8Array.of(1, 2, 3);
    const signed = [publicKey, message, ed25519.sign(message, secretKey)] as const;
    expect(crypto.verifyEd25519(...signed)).toBe(true);
    signed.forEach((part, position) => {
      for (let bit = 0; bit < 8 * part.length; bit++) {
        const changed = part.slice();
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(crypto.verifyEd25519(...(signed.with(position, changed) as unknown as typeof signed))).toBe(false);
      }
    });
  });

  it("accepts every pair of small-order encodings with s = 0, as ZIP-215 does", () => {
    const message = Buffer.from("Zcash");
    for (const key of smallOrderEncodings) {
      for (const commitment of smallOrderEncodings) {
        const signature = concatBytes([commitment, new Uint8Array(32)]);
        expect(crypto.verifyEd25519(key, message, signature)).toBe(true);
      }
    }
  });

  it("accepts signatures whose key or commitment is shifted by a small-order point", () => {
    const message = Buffer.from("torsion");
    for (const key of smallOrderEncodings.slice(4)) {
      const signed = signatureWithTorsion(message, { key, commitment: smallOrderEncodings[10]! });
      expect(crypto.verifyEd25519(signed.publicKey, message, signed.signature)).toBe(true);
    }
  });

  const encodings = fc.oneof(
    fc.constantFrom(...smallOrderEncodings, ...unreducedEncodings, publicKey),
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
  );
  const responses = fc.oneof(fc.bigInt({ min: 0n, max: 16n }), fc.bigInt({ min: scalarField.ORDER - 2n, max: scalarField.ORDER + 2n }));
  it("judges hostile encodings as the rule written out does", () => {
    fc.assert(
      fc.property(encodings, encodings, responses, (key, commitment, response) => {
        const signature = concatBytes([commitment, bytes(response.toString(16).padStart(64, "0")).toReversed()]);
        expect(crypto.verifyEd25519(key, publicKey, signature)).toBe(zip215Accepts(key, publicKey, signature));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    [31, 64],
    [33, 64],
    [32, 63],
    [32, 65],
    [0, 0],
  ])("refuses a key of %i and a signature of %i bytes", (keySize, signatureSize) => {
    expect(crypto.verifyEd25519(new Uint8Array(keySize), publicKey, new Uint8Array(signatureSize))).toBe(false);
  });
}

interface WycheproofCase {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly msg: string;
  readonly sig: string;
  readonly result: string;
}

interface WycheproofFile<Group> {
  readonly testGroups: readonly (Group & { tests: readonly WycheproofCase[] })[];
}

function describeWycheproofEd25519(crypto: CryptoProvider): void {
  const file = outsideData<WycheproofFile<{ publicKey: { pk: string } }>>("crypto/wycheproof/ed25519_test.json");
  it.skipIf(!file)("gives the verdicts of the file, ZIP-215's where an encoding is not canonical", () => {
    for (const { publicKey, tests } of file!.testGroups) {
      for (const { msg, sig, flags, result, tcId } of tests) {
        const signed = [bytes(publicKey.pk), bytes(msg), bytes(sig)] as const;
        // The file follows RFC 8032, which refuses encodings that ZIP-215 accepts.
        const expected = flags.includes("InvalidEncoding") ? zip215Accepts(...signed) : result === "valid";
        expect({ tcId, accepted: crypto.verifyEd25519(...signed) }).toEqual({ tcId, accepted: expected });
      }
    }
  });
}

function describeP256(crypto: CryptoProvider): void {
  const secretKey = new Uint8Array(32).fill(5);
  const publicKey = p256.getPublicKey(secretKey, true);
  const message = Buffer.from("passkey");
  const signature = p256.sign(message, secretKey, { prehash: true, lowS: true });
  const highS = concatBytes([
    signature.subarray(0, 32),
    p256.Point.Fn.toBytes(p256.Point.Fn.neg(p256.Point.Fn.fromBytes(signature.subarray(32)))),
  ]);

  it.each([
    ["what was signed", {}, true],
    ["high s", { signature: highS }, true],
    ["another message", { message: Buffer.from("passkez") }, false],
    ["the other point with this x", { publicKey: Uint8Array.of(publicKey[0]! ^ 1, ...publicKey.subarray(1)) }, false],
    ["an uncompressed key", { publicKey: p256.getPublicKey(secretKey, false) }, false],
    ["a key with an unknown form", { publicKey: Uint8Array.of(5, ...publicKey.subarray(1)) }, false],
    ["a key beyond the field", { publicKey: Uint8Array.of(2, ...new Uint8Array(32).fill(255)) }, false],
    ["an empty key", { publicKey: new Uint8Array() }, false],
    ["r = s = 0", { signature: new Uint8Array(64) }, false],
    ["a signature cut short", { signature: signature.subarray(0, 63) }, false],
    ["a signature in DER", { signature: p256.sign(message, secretKey, { format: "der" }) }, false],
  ])("judges %s", (_, change, expected) => {
    const signed = { publicKey, message, signature, ...change };
    expect(crypto.verifyP256(signed.publicKey, signed.message, signed.signature)).toBe(expected);
  });

  const anyKey = fc.tuple(fc.constantFrom(0, 2, 3, 4), fc.uint8Array({ minLength: 32, maxLength: 32 }));
  // y² = x³ - 3x + b modulo p (FIPS 186-5, SP 800-186 §3.2.1.3), written out.
  const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
  const { Fp } = p256.Point;
  const isSquare = (value: bigint) => value === 0n || Fp.pow(value, (Fp.ORDER - 1n) / 2n) === 1n;
  const isOnCurve = (x: bigint) => x < Fp.ORDER && isSquare(Fp.create(x * x * x - 3n * x + b));
  it("judges keys as the equation does", () => {
    const xs = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      fc.bigInt({ min: Fp.ORDER - 2n, max: Fp.ORDER + 6n }),
      fc.bigInt({ min: 0n, max: 9n }),
    );
    fc.assert(
      fc.property(fc.constantFrom(0, 2, 3, 4, 6), xs, (form, x) => {
        const key = bytes(form.toString(16).padStart(2, "0") + x.toString(16).padStart(64, "0"));
        expect(crypto.isP256PublicKey(key)).toBe((form === 2 || form === 3) && isOnCurve(x));
      }),
      { numRuns: 300 },
    );
    for (const key of [p256.getPublicKey(secretKey, false), publicKey.subarray(0, 32), new Uint8Array()])
      expect(crypto.isP256PublicKey(key)).toBe(false);
  });

  it("never throws on any bytes", () => {
    fc.assert(
      fc.property(anyKey, fc.uint8Array({ minLength: 64, maxLength: 64 }), ([form, x], anySignature) => {
        expect(crypto.verifyP256(Uint8Array.of(form, ...x), message, anySignature)).toBe(false);
      }),
    );
  });
}

function describeWycheproofP256(crypto: CryptoProvider): void {
  const file = outsideData<WycheproofFile<{ publicKey: { uncompressed: string } }>>(
    "crypto/wycheproof/ecdsa_secp256r1_sha256_p1363_test.json",
  );
  it.skipIf(!file)("gives the verdicts of the file", () => {
    for (const { publicKey, tests } of file!.testGroups) {
      const point = bytes(publicKey.uncompressed);
      const compressed = Uint8Array.of(2 + (point[64]! & 1), ...point.subarray(1, 33));
      for (const { msg, sig, result, tcId } of tests) {
        const accepted = crypto.verifyP256(compressed, bytes(msg), bytes(sig));
        expect({ tcId, accepted }).toEqual({ tcId, accepted: result === "valid" });
      }
    }
  });
}

/** RFC 9496 appendix A.2, some of each kind: field element not canonical, negative, or without a point. */
const badPoints = [
  `00${"ff".repeat(31)}`,
  `${"ff".repeat(31)}7f`,
  `f3${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `01${"00".repeat(31)}`,
  `01${"ff".repeat(30)}7f`,
  "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
  "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
  `ec${"ff".repeat(30)}7f`,
  "00".repeat(32), // the identity: canonical, and refused here all the same
  "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d",
  "",
];

function describeRistretto({ ristretto255: group }: CryptoProvider): void {
  const order = scalarField.ORDER;
  const scalar = fc.bigInt({ min: 1n, max: order - 1n });
  const judge = ristretto255.Point;
  const encode = (value: bigint) => scalarToBytes(scalarField.create(value));

  it.each([
    [1n, "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"],
    [2n, "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919"],
    [3n, "94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259"],
    [4n, "da80862773358b466ffadfe0b3293ab3d9fd53c5ea6c955358f568322daf6a57"],
    [5n, "e882b131016b52c1d3337080187cf768423efccbb517bb495ab812c4160ff44e"],
  ])("%i·G (RFC 9496 A.1)", (factor, expected) => {
    expect(bytesToHex(group.multiplyBase(encode(factor)))).toBe(expected);
  });

  it("computes as noble's points do", () => {
    fc.assert(
      fc.property(scalar, scalar, scalar, (a, b, c) => {
        const [left, right] = [judge.BASE.multiply(a), judge.BASE.multiply(b)];
        expect(group.multiplyBase(encode(a))).toEqual(left.toBytes());
        expect(group.multiply(right.toBytes(), encode(c))).toEqual(right.multiply(c).toBytes());
        expect(group.add(left.toBytes(), right.toBytes())).toEqual(left.add(right).toBytes());
        expect(group.subtract(left.toBytes(), right.toBytes())).toEqual(left.subtract(right).toBytes());
        const combined = group.combine([left.toBytes(), right.toBytes(), GENERATOR], [encode(b), encode(0n), encode(c)]);
        expect(combined).toEqual(left.multiply(b).add(judge.BASE.multiply(c)).toBytes());
      }),
      { numRuns: 20 },
    );
  });

  it("tells points from other bytes as noble does", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (candidate) => {
        candidate[31]! &= 0x7f;
        candidate[0]! &= 0xfe; // otherwise nearly everything is refused
        expect(group.isPoint(candidate)).toBe(isNoblePoint(candidate));
      }),
    );
  });

  it.each(badPoints)("refuses the point %s everywhere", (hex) => {
    const point = bytes(hex);
    expect(group.isPoint(point)).toBe(false);
    expect(() => group.multiply(point, encode(5n))).toThrow(RangeError);
    expect(() => group.add(point, GENERATOR)).toThrow(RangeError);
    expect(() => group.add(GENERATOR, point)).toThrow(RangeError);
    expect(() => group.subtract(point, GENERATOR)).toThrow(RangeError);
    expect(() => group.subtract(GENERATOR, point)).toThrow(RangeError);
    expect(group.combine([GENERATOR, point], [encode(1n), encode(0n)])).toBeUndefined();
  });

  it.each([
    ["zero", new Uint8Array(32)],
    ["the order", scalarToBytes(order - 1n).with(0, 0xed)],
    ["the largest number", new Uint8Array(32).fill(255)],
    ["a byte short", encode(5n).subarray(0, 31)],
    ["nothing", new Uint8Array()],
  ])("refuses as a scalar: %s", (what, value) => {
    expect(group.isScalar(value)).toBe(false);
    expect(() => group.multiplyBase(value)).toThrow(RangeError);
    expect(() => group.multiply(GENERATOR, value)).toThrow(RangeError);
    if (what !== "zero") expect(() => group.combine([GENERATOR], [value])).toThrow(RangeError);
  });

  it("gives the identity where points cancel", () => {
    const identity = new Uint8Array(32);
    const minusOne = group.multiplyBase(encode(-1n));
    expect(group.add(GENERATOR, minusOne)).toEqual(identity);
    expect(group.subtract(GENERATOR, GENERATOR)).toEqual(identity);
    expect(group.combine([GENERATOR, minusOne, GENERATOR], [encode(3n), encode(3n), encode(0n)])).toEqual(identity);
    expect(group.combine([], [])).toEqual(identity);
    expect(group.combine([GENERATOR, minusOne, GENERATOR], [1n, 1n, 1n].map(encode))).toEqual(GENERATOR);
  });

  it("needs as many scalars as points", () => {
    expect(() => group.combine([GENERATOR], [])).toThrow(RangeError);
  });
}

function isNoblePoint(candidate: Uint8Array): boolean {
  try {
    return !ristretto255.Point.fromBytes(candidate).is0();
  } catch {
    return false;
  }
}
