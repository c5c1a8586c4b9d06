import { absentCommitSig, BlockIdFlag } from "@galen/ledger/block/commit";
import { headerHash } from "@galen/ledger/block/header";
import { blockTime, createSigners, signHeader } from "@galen/ledger/block/testing/signed-chain";
import { fromMilliseconds, toMilliseconds } from "@galen/ledger/block/timestamp";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { describe, expect, it } from "vitest";
import type { LightBlock } from "./light-block.ts";
import { mutants } from "./testing/mutants.ts";
import { createBlock, signersOfSet } from "./testing/test-chain.ts";
import { backwardFault, type InvalidReason, lightBlockFault, type Verdict, type VerifyInput, verify } from "./verify.ts";

const start = toMilliseconds(blockTime(0));
const policy = { trustingPeriodMs: 100_000, maxClockDriftMs: 0, trustLevel: { numerator: 1, denominator: 3 }, nowMs: start + 50_000 };
const trusted = createBlock(1, signersOfSet(0), signersOfSet(1));
const check = (untrusted: LightBlock, change: Partial<VerifyInput> = {}) =>
  verify({ trusted, untrusted, ...policy, ...change }, portableCrypto);

describe("who vouches for whom", () => {
  const [first, second, third, fourth, fifth] = [1, 2, 3, 4, 5].map(signersOfSet);
  it.each([
    ["the next block by the announced set", createBlock(2, first!), {}, "ok"],
    ["the next block by another set", createBlock(2, second!), {}, { invalid: "validators-not-announced" }],
    ["a later block by the same set", createBlock(9, first!), {}, "ok"],
    ["three of four known", createBlock(9, second!), {}, "ok"],
    ["two of four known", createBlock(9, third!), {}, "ok"],
    ["one of four known", createBlock(9, fourth!), {}, "not-enough-trust"],
    ["none known", createBlock(9, fifth!), {}, "not-enough-trust"],
    ["half where two thirds are asked", createBlock(9, third!), { trustLevel: { numerator: 2, denominator: 3 } }, "not-enough-trust"],
    [
      "exactly three quarters where more is asked",
      createBlock(9, second!),
      { trustLevel: { numerator: 3, denominator: 4 } },
      "not-enough-trust",
    ],
  ] as [string, LightBlock, Partial<VerifyInput>, Verdict][])("%s", (_, untrusted, change, verdict) => {
    expect(check(untrusted, change)).toEqual(verdict);
  });

  it("counts the power that members had in the trusted set, not what they claim", () => {
    expect(check(createBlock(9, createSigners({ "validator 1": 1000n, stranger: 1n })))).toBe("not-enough-trust");
  });

  it("counts nobody twice", () => {
    const [known, ...others] = signersOfSet(4);
    expect(check(createBlock(9, [known!, known!, ...others]))).toEqual({ invalid: "duplicate-validator" });
  });

  it("counts only those who signed for the block", () => {
    const signers = signersOfSet(3);
    const known = signersOfSet(1).map(({ publicKey }) => publicKey.toString());
    const flags = signers.map(({ publicKey }) => (known.includes(publicKey.toString()) ? BlockIdFlag.nil : BlockIdFlag.commit));
    const block = createBlock(9, signers);
    expect(check({ ...block, ...signHeader(block.header, signers, flags) })).toBe("not-enough-trust");
  });
});

describe("time", () => {
  const next = createBlock(2, signersOfSet(1));
  it.each([
    ["just inside the trusting period", { nowMs: start + 101_000 }, "ok"],
    ["at its end", { nowMs: start + 101_001 }, { invalid: "trusted-header-expired" }],
    ["just before the header", { nowMs: start + 2000, maxClockDriftMs: 1 }, "ok"],
    ["at the header's time, without drift", { nowMs: start + 2000 }, { invalid: "time-in-future" }],
    ["beyond the drift", { nowMs: start, maxClockDriftMs: 1999 }, { invalid: "time-in-future" }],
  ] as [string, Partial<VerifyInput>, Verdict][])("%s", (_, change, verdict) => {
    expect(check(next, change)).toEqual(verdict);
  });
});

describe("time that is a whole millisecond", () => {
  const [set, at] = [signersOfSet(1), (ms: number) => ({ time: fromMilliseconds(start + ms) })];
  const [before, after] = [createBlock(1, set, set, at(1_000)), createBlock(2, set, set, at(2_000))];
  it.each([
    ["before the trusting period ends", { nowMs: start + 100_999 }, "ok"],
    ["when it ends", { nowMs: start + 101_000 }, { invalid: "trusted-header-expired" }],
    ["after the header's time", { nowMs: start + 2_001 }, "ok"],
    ["at the header's time", { nowMs: start + 2_000 }, { invalid: "time-in-future" }],
  ] as [string, Partial<VerifyInput>, Verdict][])("%s", (_, change, verdict) => {
    expect(check(after, { trusted: before, ...change })).toEqual(verdict);
  });
});

describe("headers signed by the right set are refused for", () => {
  const set = signersOfSet(1);
  it.each([
    ["another chain", createBlock(2, set, set, { chainId: "tent" }), "wrong-chain"],
    ["the same height", createBlock(1, set), "height-not-increasing"],
    ["the same time", createBlock(2, set, set, { time: blockTime(1) }), "time-not-increasing"],
    ["another block protocol", createBlock(2, set, set, { version: { block: 12, app: 1 } }), "block-protocol-changed"],
    ["a commit of another header", { ...createBlock(2, set), commit: createBlock(3, set).commit }, "header-not-signed"],
    ["another set", { ...createBlock(2, set), validators: signersOfSet(2) }, "validators-mismatch"],
    ["another next set", { ...createBlock(2, set), nextValidators: signersOfSet(2) }, "next-validators-mismatch"],
    ["a set in another order", { ...createBlock(2, set), validators: set.toReversed() }, "validators-mismatch"],
  ] as [string, LightBlock, InvalidReason][])("%s", (_, untrusted, invalid) => {
    expect(check(untrusted)).toEqual({ invalid });
  });

  it.each([0, 1 / 4, 5 / 4, Number.NaN])("a trust level of %s is our own mistake", (level) => {
    expect(() => check(createBlock(2, set), { trustLevel: { numerator: level * 4, denominator: 4 } })).toThrow(RangeError);
  });
});

describe("a change to any field is refused", () => {
  const set = signersOfSet(1);
  const good = createBlock(2, set);
  const flags: number[] = [BlockIdFlag.commit, BlockIdFlag.commit, BlockIdFlag.nil, BlockIdFlag.commit];
  const withNil: LightBlock = { ...good, ...signHeader(good.header, set, flags) };
  const withAbsent: LightBlock = { ...good, ...signHeader(good.header, set, flags.with(2, BlockIdFlag.absent)) };
  it.each([
    ["all signed", good],
    ["one for nil", withNil],
    ["one absent", withAbsent],
  ])("%s", (_, block) => {
    expect(check(block)).toBe("ok");
    const accepted = mutants(block).filter(({ value }) => check(value) === "ok" || lightBlockFault(value, portableCrypto) === undefined);
    expect(accepted.map(({ path }) => path)).toEqual([]);
    expect(mutants(block).length).toBeGreaterThan(80);
  });

  it("also where an absent vote is put for a vote", () => {
    const { commit } = good;
    const [first, second, ...rest] = commit.signatures;
    const two = { ...good, commit: { ...commit, signatures: [absentCommitSig, absentCommitSig, ...rest] } };
    const one = { ...good, commit: { ...commit, signatures: [first!, second!, absentCommitSig, rest[1]!] } };
    expect(check(two)).toEqual({ invalid: "commit-power" });
    expect(check(one)).toBe("ok");
  });
});

describe("backwards", () => {
  const older = createBlock(4, signersOfSet(1)).header;
  const link = { hash: headerHash(older, portableCrypto.sha256), parts: { total: 1, hash: new Uint8Array(32) } };
  const newer = createBlock(5, signersOfSet(1), signersOfSet(1), { lastBlockId: link }).header;
  it("a header names the one before it, and no other", () => {
    expect(backwardFault(newer, older, portableCrypto)).toBeUndefined();
    expect(backwardFault(newer, { ...older, appHash: new Uint8Array(32) }, portableCrypto)).toBe("header-not-linked");
    expect(backwardFault({ ...newer, height: 6 }, older, portableCrypto)).toBe("header-not-linked");
  });
});
