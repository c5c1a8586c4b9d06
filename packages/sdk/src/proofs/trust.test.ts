import { bytesToHex, requireHexBytes } from "@galen/ledger/crypto/hex";
import { describe, expect, it } from "vitest";
import { isTrusted, type Trust, withEarlierSet } from "./trust.ts";

const [first, second, third, stranger] = ["01", "02", "03", "04"].map((byte) => byte.repeat(32)) as [string, string, string, string];
/** A network whose validators changed after height 8, and the one that it came out of, which ended at height 5. */
const trust: Trust = {
  chainId: "new",
  validatorsHash: third,
  earlier: [
    { chainId: "old", validatorsHash: first, untilHeight: 5 },
    { chainId: "new", validatorsHash: second, untilHeight: 8 },
  ],
};

describe("validators are trusted", () => {
  it.each([
    ["who are trusted now, at any height", "new", third, 99, true, true],
    ["who were trusted before them, of the past", "new", second, 8, false, true],
    ["who were trusted before them, after their last height", "new", second, 9, false, false],
    ["of the network before, of the past", "old", first, 5, false, true],
    ["of the network before, after its end", "old", first, 6, false, false],
    ["of the network before, in this one", "new", first, 5, false, false],
    ["of this network, in the one before", "old", third, 5, false, false],
    ["who are strangers", "new", stranger, 5, false, false],
  ])("%s: in %s %s at %i, of the present %s, of the past %s", (_, chainId, validatorsHash, height, ofPresent, ofPast) => {
    const header = { chainId, validatorsHash: requireHexBytes(validatorsHash, 32), height };
    expect([isTrusted(trust, header, false), isTrusted(trust, header, true)]).toEqual([ofPresent, ofPast]);
  });
});

it("remembers the 64 sets before the present one", () => {
  const hashOf = (number: number) => bytesToHex(new Uint8Array(32).fill(number));
  let last: Trust = { chainId: "new", validatorsHash: hashOf(0) };
  for (let number = 1; number <= 70; number++) last = withEarlierSet({ chainId: "new", validatorsHash: hashOf(number) }, last, number);
  expect(last.earlier!.map(({ untilHeight }) => untilHeight)).toEqual(Array.from({ length: 64 }, (_, i) => i + 7));
  expect(last.earlier!.at(-1)).toEqual({ chainId: "new", validatorsHash: hashOf(69), untilHeight: 70 });
});
