import { describe, expect, it } from "vitest";
import { hexToBytes } from "./hex.ts";
import { isEd25519PublicKey, isP256PublicKey } from "./public-key.ts";

describe("public keys", () => {
  it.each([
    ["a good key", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", true],
    ["the identity", `01${"00".repeat(31)}`, false],
    ["order 2", `ec${"ff".repeat(30)}7f`, false],
    ["order 4", "00".repeat(32), false],
    ["order 4, sign bit set", `${"00".repeat(31)}80`, false],
    ["order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", false],
    ["the identity with y = p + 1", `ee${"ff".repeat(30)}7f`, false],
    ["the identity with the sign bit set", `01${"00".repeat(30)}80`, false],
    ["not on the curve", `02${"00".repeat(31)}`, false],
    ["a byte short", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751", false],
  ])("Ed25519: %s", (_, hex, expected) => {
    const asked = () => isEd25519PublicKey(hexToBytes(hex)!);
    expect([asked(), asked()]).toEqual([expected, expected]); // the second time from memory
  });

  const x = "2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838";
  it.each([
    ["a good key", `02${x}`, true],
    ["uncompressed", `04${x}c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e`, false],
    ["x beyond the field", `02${"ff".repeat(32)}`, false],
    ["unknown form", `05${x}`, false],
    ["the point at infinity", "00", false],
  ])("P-256: %s", (_, hex, expected) => {
    expect(isP256PublicKey(hexToBytes(hex)!)).toBe(expected);
  });
});
