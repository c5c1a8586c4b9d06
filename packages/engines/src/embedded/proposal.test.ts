import { Block } from "@galen/ledger/block/block";
import { maxDataBytes, sizeInBlock } from "@galen/ledger/block/block-size";
import { formatTimestamp, parseTimestamp } from "@galen/ledger/block/timestamp";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { describe, expect, it } from "vitest";
import { advanceTip, genesisTip } from "../chain/tip.ts";
import { voteTime } from "../chain/vote-time.ts";
import { proposeBlock, signProposal } from "./proposal.ts";
import { testGenesis } from "./testing/test-engine.ts";

describe("voteTime", () => {
  const cases = [
    ["the clock, when it is later", "2026-01-01T00:00:00Z", "2026-01-01T00:00:05.123456789Z", "2026-01-01T00:00:05.123456789Z"],
    ["the clock, when it is later by just 1 ms", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.001Z", "2026-01-01T00:00:00.001Z"],
    [
      "1 ms after the block, when the clock is nearer",
      "2026-01-01T00:00:00.5Z",
      "2026-01-01T00:00:00.500999999Z",
      "2026-01-01T00:00:00.501Z",
    ],
    ["1 ms after the block, when the clock stands still", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.001Z"],
    ["1 ms after the block, when the clock went back", "2026-01-01T00:00:59.9999Z", "2025-12-31T23:00:00Z", "2026-01-01T00:01:00.0009Z"],
  ] as const;
  it.each(cases)("is %s", (_, blockTime, now, expected) => {
    expect(formatTimestamp(voteTime(parseTimestamp(blockTime), parseTimestamp(now)))).toBe(expected);
  });
});

describe("the size of a block", () => {
  const sha256 = portableCrypto.sha256;
  const tx = (length: number) => ({ bytes: new Uint8Array(length), txHash: "00".repeat(32) });

  it.each([1, 127, 128, 16_383, 16_384, 65_536])("grows by what sizeInBlock says for a transaction of %i bytes", (length) => {
    const tip = genesisTip(testGenesis, new Uint8Array(32), sha256);
    const [none, one, two] = [[], [tx(length)], [tx(length), tx(length)]].map((txs) => proposeBlock(tip, txs, sha256).bytes.length);
    expect(two! - one!).toBeGreaterThanOrEqual(sizeInBlock(tx(length).bytes));
    expect(two! - one!).toBeLessThanOrEqual(sizeInBlock(tx(length).bytes) + 1); // the list's own length may take a byte more
    expect(one!).toBeGreaterThan(none!);
  });

  it("stays within the limit when transactions stay within maxDataBytes, with the longest header and commit", async () => {
    const genesis = { ...testGenesis, chainId: "x".repeat(50) };
    const first = genesisTip(genesis, new Uint8Array(32), sha256);
    const signed = await signProposal(
      proposeBlock(first, [], sha256),
      { seconds: 253_402_300_000, nanos: 999_999_999 },
      () => new Uint8Array(64),
    );
    const outcome = { appHash: new Uint8Array(32), appVersion: 1_000_000, txResults: [], validatorUpdates: [], maxBlockBytes: 65_536 };
    const tip = advanceTip(first, { header: signed.proposal.header, commit: signed.commit }, outcome, sha256);
    const room = maxDataBytes(65_536, 1);
    const { bytes } = proposeBlock(tip, [tx(room - 4)], sha256);
    expect(sizeInBlock(tx(room - 4).bytes)).toBe(room);
    expect(bytes.length).toBeLessThanOrEqual(65_536);
    expect(Block.decode(bytes).header.chainId).toBe(genesis.chainId);
  });
});
