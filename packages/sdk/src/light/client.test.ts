import { headerHash } from "@galen/ledger/block/header";
import { blockTime } from "@galen/ledger/block/testing/signed-chain";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { describe, expect, it } from "vitest";
import { createLightClient, type LightClientOptions, type LightOutcome } from "./client.ts";
import type { LightBlock } from "./light-block.ts";
import type { LightProvider } from "./provider.ts";
import { createMemoryStore } from "./store.ts";
import { createBlocks, createNode } from "./testing/test-chain.ts";

const LENGTH = 40;
const chain = createBlocks(LENGTH, (height) => Math.floor(height / 4));
const restless = createBlocks(LENGTH, (height) => height * 4);
const hashOf = ({ header }: LightBlock) => headerHash(header, portableCrypto.sha256);
const timeAfter = (height: number) => toMilliseconds(blockTime(height)) + 500;

function createClient(blocks: readonly LightBlock[], change: Partial<LightClientOptions> = {}) {
  return createLightClient({
    chainId: "test",
    trust: { height: 1, hash: hashOf(blocks[0]!) },
    trustingPeriodMs: 3_600_000,
    provider: createNode(blocks),
    crypto: portableCrypto,
    now: () => timeAfter(LENGTH),
    ...change,
  });
}

const summary = (outcome: LightOutcome) => {
  if (outcome.verdict === "ok") return outcome.steps.map(({ height, by }) => `${height} ${by}`).join(", ");
  return outcome.verdict === "refused" ? `${outcome.reason} at ${outcome.height}` : outcome.verdict;
};

describe("the way to a header", () => {
  it("is short while the validators change slowly", async () => {
    const provider = createNode(chain);
    const client = createClient(chain, { provider });
    const outcome = await client.verifyToHeight(LENGTH);
    expect(outcome).toMatchObject({ verdict: "ok", header: chain[LENGTH - 1]!.header });
    expect(outcome.verdict === "ok" && outcome.steps.length).toBeLessThan(10);
    expect(provider.asked).toBeLessThan(15);

    const asked = provider.asked;
    expect(summary(await client.verifyToHeight(LENGTH))).toBe("40 kept");
    expect(provider.asked).toBe(asked);
  });

  it("goes through every height where all validators change at once", async () => {
    const outcome = await createClient(restless).verifyToHeight(12);
    expect(summary(outcome)).toBe(["1 kept", ...Array.from({ length: 11 }, (_, at) => `${at + 2} signed`)].join(", "));
  });

  it("starts at the nearest block below", async () => {
    const client = createClient(chain);
    await client.verifyToHeight(4);
    expect(summary(await client.verifyToHeight(5))).toBe("4 kept, 5 signed");
  });

  it("leads backwards below the trusted block, and where the block below is too old", async () => {
    const late = createClient(chain, { trust: { height: 9, hash: hashOf(chain[8]!) } });
    expect(summary(await late.verifyToHeight(7))).toBe("9 kept, 8 linked, 7 linked");

    let now = timeAfter(LENGTH);
    const client = createClient(chain, { now: () => now });
    await client.verifyToHeight(LENGTH);
    now += 3_600_000;
    expect(summary(await client.verifyToHeight(LENGTH - 1))).toBe("40 kept, 39 linked");
  });
});

describe("refusals", () => {
  const altered = chain.with(9, { ...chain[9]!, header: { ...chain[9]!.header, appHash: new Uint8Array(32) } });
  const shifted: LightProvider = { ...createNode(chain), signedHeader: async (height) => chain[height === 10 ? 10 : height - 1] };
  it.each([
    ["a trusted hash that the node does not have", { trust: { height: 1, hash: new Uint8Array(32) } }, "wrong-trusted-hash at 1"],
    ["a trusted height that it does not have", { trust: { height: 99, hash: new Uint8Array(32) } }, "header-not-found at 99"],
    ["another chain", { chainId: "tent" }, "wrong-chain at 1"],
    [
      "a trusted block without a good commit",
      { provider: createNode([{ ...chain[0]!, commit: chain[1]!.commit }]) },
      "header-not-signed at 1",
    ],
    ["a height that it does not have", { provider: createNode(chain.slice(0, 5)) }, "header-not-found at 10"],
    ["an altered header", { provider: createNode(altered) }, "header-not-signed at 10"],
    ["a good header of another height", { provider: shifted }, "wrong-height at 10"],
    ["trust grown old", { trustingPeriodMs: 1000 }, "trusted-header-expired at 10"],
    ["a header from the future", { now: () => timeAfter(5), maxClockDriftMs: 0 }, "time-in-future at 10"],
  ] as [string, Partial<LightClientOptions>, string][])("%s", async (_, change, expected) => {
    expect(summary(await createClient(chain, change).verifyToHeight(10))).toBe(expected);
  });

  it("a header below that is not the one named", async () => {
    const client = createClient(chain, { trust: { height: 12, hash: hashOf(chain[11]!) }, provider: createNode(altered) });
    expect(summary(await client.verifyToHeight(8))).toBe("header-not-linked at 10");
  });

  it("another trusted hash than the store's", async () => {
    const store = createMemoryStore();
    await createClient(chain, { store }).verifyToHeight(10);
    const other = createClient(chain, { store, trust: { height: 10, hash: hashOf(chain[0]!) } });
    expect(summary(await other.verifyToHeight(3))).toBe("wrong-trusted-hash at 10");
  });

  it.each([0, -1, 1.5, Number.NaN])("%s is no height", async (height) => {
    await expect(createClient(chain).verifyToHeight(height)).rejects.toThrow(RangeError);
  });

  it("a node that cannot be reached is not a verdict", async () => {
    const provider: LightProvider = { ...createNode(chain), signedHeader: () => Promise.reject(new Error("no route")) };
    await expect(createClient(chain, { provider }).verifyToHeight(3)).rejects.toThrow("no route");
  });
});

describe("witnesses", () => {
  const fork = createBlocks(
    LENGTH,
    (height) => Math.floor(height / 4),
    (height) => (height >= 5 ? { appHash: new Uint8Array(32) } : {}),
  );
  const agreeing = createNode(chain);
  const forked = createNode(fork);
  const behind = createNode(chain.slice(0, 3));
  const lying = createNode(chain.map((block) => ({ ...block, header: { ...block.header, appHash: new Uint8Array(32) } })));
  const unreachable: LightProvider = { ...createNode([]), signedHeader: () => Promise.reject(new Error("no route")) };
  it.each([
    ["agree", [agreeing, agreeing], "ok"],
    ["one agrees, others are silent", [behind, unreachable, agreeing], "ok"],
    ["one agrees, another shows what it cannot prove", [lying, agreeing], "ok"],
    ["nobody confirms", [behind, unreachable, lying], "refused"],
    ["one proves another header", [agreeing, forked], "conflicting-headers"],
  ] as [string, LightProvider[], string][])("%s", async (_, witnesses, verdict) => {
    expect((await createClient(chain, { witnesses }).verifyToHeight(30)).verdict).toBe(verdict);
  });

  it("a conflict hands out both blocks and keeps neither", async () => {
    const store = createMemoryStore();
    const outcome = await createClient(chain, { witnesses: [forked], store }).verifyToHeight(30);
    expect(outcome).toEqual({ verdict: "conflicting-headers", primary: chain[29], witness: fork[29] });
    expect(await store.heights()).toEqual([1]);
  });
});

describe("the store in memory", () => {
  it("forgets the lowest blocks first", async () => {
    const store = createMemoryStore(2);
    for (const height of [7, 3, 5]) await store.save(chain[height - 1]!);
    expect(await store.heights()).toEqual([5, 7]);
    expect(await store.load(3)).toBeUndefined();
  });
});
