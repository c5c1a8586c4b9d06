import { blockTime } from "@galen/ledger/block/testing/signed-chain";
import { addMilliseconds, toMilliseconds } from "@galen/ledger/block/timestamp";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { describe, expect, it } from "vitest";
import { createBlocks } from "../light/testing/test-chain.ts";
import { followValidators } from "./follow-validators.ts";
import { type ProofContext, requireFresh, requireTrusted } from "./signed-header.ts";
import { clientOf, setHash } from "./testing/headers-node.ts";
import type { Trust } from "./trust.ts";
import { verifyPresent } from "./verify-present.ts";

const HEIGHT = 9;
const timeOf = (height: number) => toMilliseconds(blockTime(height));

const blocks = createBlocks(HEIGHT + 1, (height) => height).slice(0, HEIGHT);

const forged = createBlocks(HEIGHT + 1, (height) => (height < 5 ? height : height + 20)).slice(0, HEIGHT);
const spliced = blocks.map((block, index) => (index < 5 ? block : forged[index]!));

describe("following validators", () => {
  it("leads from the founding set to the present one, of which nobody founded the chain", async () => {
    expect(await followValidators(clientOf(blocks), { height: HEIGHT - 1 })).toEqual({
      chainId: "test",
      validatorsHash: setHash(HEIGHT - 1),
      height: HEIGHT - 1,
      seenAt: timeOf(HEIGHT - 1),
      earlier: [{ chainId: "test", validatorsHash: setHash(1), untilHeight: HEIGHT - 2 }],
    });
  });

  it("counts the year from when the user named the founders, however old the chain is", async () => {
    const client = clientOf(blocks);
    client.trust = { ...client.trust!, seenAt: client.now() - 900 };
    expect(await followValidators(client, { height: 8, trustingPeriodMs: 1_000 })).toMatchObject({ height: 8 });
    client.trust = { ...client.trust, seenAt: client.now() - 1_001 };
    const tooLate = followValidators(client, { height: 8, trustingPeriodMs: 1_000 });
    await expect(tooLate).rejects.toMatchObject({ details: { fault: "trusted-header-expired" } });
  });

  it.each([1, 0])("never goes back: a node that names height %i makes nobody of the past the present", async (height) => {
    const client = clientOf(blocks);
    client.trust = await followValidators(client);
    const lying = async (input: RequestInfo | URL, init?: RequestInit) => {
      if (new URL(new Request(input).url).pathname === "/v1/status") return Response.json({ chainId: "test", height });
      return client.fetch(input, init);
    };
    await expect(followValidators({ ...client, fetch: lying })).rejects.toMatchObject({ id: "proof/Stale", details: { height } });
  });

  it("asks for no header twice", async () => {
    const client = clientOf(blocks);
    const asked: string[] = [];
    const fetch: typeof client.fetch = async (input, init) => {
      const { pathname } = new URL(new Request(input).url);
      if (pathname.startsWith("/v1/headers/")) asked.push(pathname);
      return client.fetch(input, init);
    };
    await followValidators({ ...client, fetch });
    expect(asked).toContain("/v1/headers/1");
    expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted());
  });

  it("goes on from where it was followed to", async () => {
    const client = clientOf(blocks);
    client.trust = await followValidators(client, { height: 4 });
    expect(await followValidators(client, { height: HEIGHT - 1 })).toMatchObject({
      height: HEIGHT - 1,
      earlier: [
        { validatorsHash: setHash(1), untilHeight: 3 },
        { validatorsHash: setHash(4), untilHeight: HEIGHT - 2 },
      ],
    });
  });

  it.each([
    ["another founding set", clientOf(blocks, setHash(2)), {}, "proof/ValidatorsNotTrusted", {}],
    [
      "a height that the node does not have",
      clientOf(blocks),
      { height: 99 },
      "proof/ValidatorsNotFollowed",
      { fault: "header-not-found" },
    ],
    ["headers of strangers", clientOf(spliced), { height: HEIGHT - 1 }, "proof/ValidatorsNotFollowed", {}],
    [
      "a founding that is too long ago",
      clientOf(blocks),
      { height: 8, trustingPeriodMs: 1 },
      "proof/ValidatorsNotFollowed",
      { fault: "trusted-header-expired" },
    ],
  ] as const)("is refused with %s", async (_, client, options, id, details) => {
    await expect(followValidators(client, options)).rejects.toMatchObject({ id, details });
  });
});

describe("a check of the present", () => {
  /** A check that the set of a height passes. */
  const signedBy = (height: number) => async (context: () => ProofContext) => {
    requireTrusted(blocks[height - 1]!, context());
    return context().trust.validatorsHash;
  };

  it("follows the validators when others sign by now, once, and tells whom the client trusts from then on", async () => {
    const told: (string | undefined)[] = [];
    const client = { ...clientOf(blocks), onTrust: (trust: Trust) => void told.push(trust.validatorsHash) };
    expect(await verifyPresent(client, signedBy(HEIGHT))).toBe(setHash(HEIGHT));
    expect(await verifyPresent(client, signedBy(HEIGHT))).toBe(setHash(HEIGHT));
    expect(told).toEqual([setHash(HEIGHT)]);
  });

  it("does not believe a set of the past, which a proof of the past may still have", async () => {
    const client = clientOf(blocks);
    client.trust = await followValidators(client);
    await expect(verifyPresent(client, signedBy(1))).rejects.toMatchObject({ id: "proof/ValidatorsNotTrusted" });
    const past = { trust: client.trust, crypto: portableCrypto, nowMs: client.now() };
    expect(requireTrusted(blocks[0]!, past)).toContain("header 1");
    expect(() => requireTrusted(blocks[3]!, past)).toThrow("proof/ValidatorsNotTrusted");
  });

  it("notes once a day that the trusted set still signs, so that a client in use follows a change after years without one", async () => {
    const DAY_MS = 86_400_000;
    const dayOf = [0, 100, 200, 200.5, 300, 400, 500, 501];
    const old = createBlocks(
      dayOf.length,
      (height) => (height < 7 ? 1 : 2),
      (height) => ({ time: addMilliseconds(blockTime(1), dayOf[height - 1]! * DAY_MS) }),
    );
    let height = 1;
    const kept: (number | undefined)[] = [];
    const onTrust = (trust: Trust) => void kept.push(trust.height);
    const client = { ...clientOf(old.slice(0, -1)), onTrust, now: () => toMilliseconds(old[height - 1]!.header.time) + 1_000 };
    const check = async (context: () => ProofContext) => {
      requireTrusted(old[height - 1]!, context());
      requireFresh(old[height - 1]!, context());
    };
    for (height = 2; height <= 7; height++) await verifyPresent(client, check);
    expect(kept).toEqual([2, 3, 5, 6, 7]);
    expect(client.trust).toMatchObject({ validatorsHash: setHash(2), height: 7, earlier: [{ validatorsHash: setHash(1) }] });
  });

  it("notes nothing of a check that fails, nor of the past", async () => {
    const client = { ...clientOf(blocks), onTrust: () => expect.unreachable() };
    const failing = async (context: () => ProofContext) => {
      requireFresh(blocks[0]!, context());
      throw new RangeError("no");
    };
    await expect(verifyPresent(client, failing)).rejects.toThrow(RangeError);
    const { trust } = client;
    await verifyPresent(client, async (context) => {
      const { maxStateAgeMs: _, ...past } = context();
      requireFresh(blocks[0]!, past);
    });
    expect(client.trust).toBe(trust);
  });

  it("follows nobody into headers of strangers", async () => {
    const client = clientOf(spliced);
    const strangers = forged[HEIGHT - 1]!;
    const check = async (context: () => ProofContext) => requireTrusted(strangers, context());
    await expect(verifyPresent(client, check)).rejects.toMatchObject({ id: "proof/ValidatorsNotFollowed" });
    expect(client.trust).toEqual({ chainId: "test", validatorsHash: setHash(1) });
  });
});
