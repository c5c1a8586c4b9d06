import { describe, expect, it } from "vitest";
import { portableCrypto } from "../crypto/portable.ts";
import { absentCommitSig, BlockIdFlag, type Commit } from "./commit.ts";
import { createHeader, createSigners, signHeader } from "./testing/signed-chain.ts";
import { commitFault } from "./verify-commit.ts";

const { absent, commit: forBlock, nil } = BlockIdFlag;
const signers = createSigners({ a: 10n, b: 10n, c: 10n, d: 10n });
const strangers = createSigners({ e: 10n, f: 10n, g: 10n, h: 10n });
const header = createHeader(5, signers);

describe("a commit makes a block final with more than two thirds of the power", () => {
  it.each([
    ["all", [forBlock, forBlock, forBlock, forBlock], undefined],
    ["three of four", [forBlock, absent, forBlock, forBlock], undefined],
    ["three of four, one for nil", [nil, forBlock, forBlock, forBlock], undefined],
    ["two of four", [forBlock, absent, absent, forBlock], "commit-power"],
    ["two of four, two for nil", [forBlock, nil, nil, forBlock], "commit-power"],
    ["none", [absent, absent, absent, absent], "commit-power"],
  ] as const)("%s", (_, flags, fault) => {
    expect(commitFault("test", signHeader(header, signers, flags).commit, signers, portableCrypto)).toBe(fault);
  });

  it("exactly two thirds are not enough", () => {
    const three = createSigners({ a: 1n, b: 1n, c: 1n });
    const { commit } = signHeader(createHeader(5, three), three, [forBlock, forBlock, absent]);
    expect(commitFault("test", commit, three, portableCrypto)).toBe("commit-power");
  });

  it("counts powers beyond 2^53", () => {
    const huge = createSigners({ a: 2n ** 59n + 1n, b: 2n ** 58n, c: 2n ** 58n });
    const { commit } = signHeader(createHeader(5, huge), huge, [forBlock, forBlock, absent]);
    expect(commitFault("test", commit, huge, portableCrypto)).toBeUndefined();
  });
});

describe("a commit altered anywhere is refused", () => {
  const good = signHeader(header, signers, [forBlock, nil, forBlock, forBlock]).commit;
  const [first, second, third, fourth] = good.signatures as [Commit["signatures"][0], ...Commit["signatures"][0][]];
  const flipped = (bytes: Uint8Array) => bytes.map((byte, at) => (at === 3 ? byte ^ 1 : byte));
  const withLast = (change: object): Commit => ({ ...good, signatures: [first, second!, third!, { ...fourth!, ...change }] });
  it.each([
    ["nothing", good, undefined],
    ["a part missing", { ...good, signatures: [first, second!, third!] }, "commit-size"],
    ["a part too many", { ...good, signatures: [...good.signatures, absentCommitSig] }, "commit-size"],
    ["parts exchanged", { ...good, signatures: [first, second!, fourth!, third!] }, "commit-address"],
    ["a part repeated", { ...good, signatures: [first, first, third!, fourth!] }, "commit-address"],
    ["an address", withLast({ validatorAddress: flipped(fourth!.validatorAddress) }), "commit-address"],
    ["a signature after two thirds", withLast({ signature: flipped(fourth!.signature) }), "commit-signature"],
    ["a short signature", withLast({ signature: fourth!.signature.slice(1) }), "commit-malformed"],
    ["an unknown flag", withLast({ blockIdFlag: 4 }), "commit-malformed"],
    ["a vote called absent", withLast({ blockIdFlag: absent }), "commit-malformed"],
    ["a time", withLast({ timestamp: { ...fourth!.timestamp, nanos: 1 } }), "commit-signature"],
    ["a vote turned to nil", withLast({ blockIdFlag: nil }), "commit-signature"],
    ["a nil vote turned", { ...good, signatures: [first, { ...second!, blockIdFlag: forBlock }, third!, fourth!] }, "commit-signature"],
    ["the height", { ...good, height: 6 }, "commit-signature"],
    ["the round", { ...good, round: 1 }, "commit-signature"],
    ["the block", { ...good, blockId: { ...good.blockId, hash: flipped(good.blockId.hash) } }, "commit-signature"],
    ["the parts", { ...good, blockId: { ...good.blockId, parts: { ...good.blockId.parts, total: 2 } } }, "commit-signature"],
  ] as [string, Commit, string | undefined][])("%s", (_, commit, fault) => {
    expect(commitFault("test", commit, signers, portableCrypto)).toBe(fault);
  });

  it("another chain, another set", () => {
    expect(commitFault("tent", good, signers, portableCrypto)).toBe("commit-signature");
    expect(commitFault("test", good, strangers, portableCrypto)).toBe("commit-address");
  });
});
