import { x25519 } from "@noble/curves/ed25519.js";
import { describe, expect, it } from "vitest";
import { bytesToHex, hexToBytes } from "./hex.ts";
import { portableCrypto } from "./portable.ts";
import { isEd25519PublicKey, isP256PublicKey, isX25519PublicKey } from "./public-key.ts";

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
    const asked = () => isP256PublicKey(hexToBytes(hex)!, portableCrypto);
    expect([asked(), asked()]).toEqual([expected, expected]);
  });

  it("of two kinds are judged apart, though their bytes are the same", () => {
    const bytes = hexToBytes(`03${x}`)!;
    expect([isEd25519PublicKey(bytes), isP256PublicKey(bytes, portableCrypto), isEd25519PublicKey(bytes)]).toEqual([false, true, false]);
  });

  const { publicKey } = x25519.keygen(new Uint8Array(32).fill(7));
  const zeros = "00".repeat(30);
  it.each([
    ["a good key", bytesToHex(publicKey), true],
    ["a good key with the bit set that nobody reads", bytesToHex(publicKey.with(31, publicKey[31]! | 0x80)), true],
    ["zero, of order 2", `00${zeros}00`, false],
    ["one, of order 4", `01${zeros}00`, false],
    ["of order 8", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800", false],
    ["of order 8, the other", "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157", false],
    ["p - 1, of order 4 on the twist", `ec${"ff".repeat(30)}7f`, false],
    ["p, which is zero", `ed${"ff".repeat(30)}7f`, false],
    ["p + 1, which is one", `ee${"ff".repeat(30)}7f`, false],
    ["zero with the bit set that nobody reads", `00${zeros}80`, false],
    ["2p, read as p - 19", `da${"ff".repeat(31)}`, true],
    ["a byte short", `09${zeros}`, false],
    ["nothing", "", false],
  ])("X25519: %s", (_, hex, expected) => {
    const key = hexToBytes(hex)!;
    expect([isX25519PublicKey(key), leadsToSecret(key)]).toEqual([expected, expected]);
  });
});

/** What another implementation finds: noble throws on a shared secret of zero and on other lengths. */
function leadsToSecret(publicKey: Uint8Array): boolean {
  try {
    x25519.scalarMult(new Uint8Array(32).fill(9), publicKey);
    return true;
  } catch {
    return false;
  }
}
