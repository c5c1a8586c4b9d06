import { expect, it } from "vitest";
import { capsuleLabel } from "./capsule-label.ts";
import { dealingContext } from "./dealing-statement.ts";
import { bytesToHex } from "./hex.ts";
import { portableCrypto as crypto } from "./portable.ts";
import { releaseBase, releaseRequestContext, releaseShareContext } from "./release-statement.ts";

const [a, b, c] = ["aa", "bb", "cc"].map((byte) => byte.repeat(32)) as [string, string, string];

it("a label is object, owner and policy in this order", () => {
  expect(bytesToHex(capsuleLabel({ objectId: a, owner: b, policyHash: c }))).toBe(a + b + c);
});

it.each(["aa", "AA".repeat(32), "", `${a}aa`])("a label needs ids of 32 bytes: %j", (objectId) => {
  expect(() => capsuleLabel({ objectId, owner: b, policyHash: c })).toThrow(RangeError);
});

it("contexts of different statements differ", () => {
  const contexts = [
    releaseRequestContext(crypto, { chainId: "one", reader: a, objectIds: [b, c] }),
    releaseRequestContext(crypto, { chainId: "two", reader: a, objectIds: [b, c] }),
    releaseRequestContext(crypto, { chainId: "one", reader: b, objectIds: [a, c] }),
    releaseRequestContext(crypto, { chainId: "one", reader: a, objectIds: [c, b] }),
    releaseRequestContext(crypto, { chainId: "one", reader: a, objectIds: [b] }),
    releaseShareContext(crypto, { chainId: "one", requestId: a, custodian: 1 }),
    releaseShareContext(crypto, { chainId: "one", requestId: a, custodian: 2 }),
    releaseShareContext(crypto, { chainId: "one", requestId: b, custodian: 1 }),
    dealingContext(crypto, { chainId: "one", roundId: a, dealer: 1 }),
    dealingContext(crypto, { chainId: "one", roundId: a, dealer: 2 }),
    dealingContext(crypto, { chainId: "one", roundId: b, dealer: 1 }),
  ];
  expect(new Set(contexts.map(bytesToHex)).size).toBe(contexts.length);
});

it("a release base is the sum of two points, unless they cancel or one is none", () => {
  const { multiplyBase, subtract, add } = crypto.ristretto255;
  const one = multiplyBase(Uint8Array.of(1, ...new Uint8Array(31)));
  const two = multiplyBase(Uint8Array.of(2, ...new Uint8Array(31)));
  const minusOne = subtract(one, two);
  expect(releaseBase(crypto, one, two)).toEqual(add(one, two));
  expect(releaseBase(crypto, one, minusOne)).toBeUndefined();
  expect(releaseBase(crypto, one, new Uint8Array(32))).toBeUndefined();
  expect(releaseBase(crypto, new Uint8Array(31), one)).toBeUndefined();
});
