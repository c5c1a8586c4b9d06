import { describe, expect, it } from "vitest";
import { expectDone, testAccount } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import type { TestChain } from "../../testing/chain.ts";
import { testKey } from "../../testing/chain.ts";
import { refusalTable } from "../../testing/refusal-table.ts";
import { balanceOf } from "../tokens/index.ts";
import { MAX_UNBONDING_EPOCHS, type Settings } from "./settings.ts";
import {
  bondMessage,
  doubleSignOf,
  east,
  foundNetwork,
  keyMessage,
  mintShares,
  nodeMessage,
  north,
  policyMessage,
  powersOf,
  quick,
  readyMessage,
  south,
  type TestOperator,
  testOperator,
  toNextEpoch,
  voteOf,
  west,
} from "./testing/scene.ts";

const founders = [north, east, south, west];
const ann = testAccount("ann");
const stake: Settings["policy"] = { kind: "stake", capBasisPoints: 10_000 };

/** Every founder has 1,000 shares and has bonded `bonded[i]` of them to the own node; ann has 1,000. */
async function foundStaked(settings: Partial<Settings>, bonded: readonly number[] = [400, 300, 200, 100]): Promise<TestChain> {
  const chain = await foundNetwork({ founders, settings });
  await expectDone(chain.run(ann, ann.create));
  await mintShares(chain, founders, new Map([...founders, ann].map(({ account }) => [account, 1_000])));
  const bonds = founders.flatMap((node, at) => (bonded[at] ? [bondMessage("bond", { node, by: node, amount: bonded[at] })] : []));
  if (bonds.length > 0) await expectDone(chain.run(founders, ...bonds));
  return chain;
}

const sharesOf = ({ ledger }: TestChain, { account }: { account: string }) => balanceOf(ledger, "shares", account);
const stakeOf = (chain: TestChain, node: TestOperator, by: { account: string } = node) =>
  ask(chain, "validators.stake", { organisation: node.account, account: by.account }) as {
    tokens: number;
    leaving: { epoch: number; tokens: number }[];
  };

describe("bonds", () => {
  const to = (node: TestOperator, amount: number) => bondMessage("bond", { node, by: ann, amount });
  const from = (node: TestOperator, amount: number) => bondMessage("unbond", { node, by: ann, amount });
  const withdraw = { type: "validators.withdraw", value: { organisation: north.account, account: ann.account } };
  const fund = (amount: number) => ({ type: "validators.fundRewards", value: { account: ann.account, amount } });
  refusalTable(
    () => foundStaked({ policy: stake }),
    [
      ["to a node", undefined, [ann], to(north, 1_000)],
      ["of more than there is", "tokens/InsufficientBalance", [ann], to(north, 1_001)],
      ["without the holder", "validators/NotHolder", [north], to(north, 1)],
      [
        "to no node",
        "validators/UnknownNode",
        [ann],
        { ...to(north, 1), value: { organisation: ann.account, account: ann.account, amount: 1 } },
      ],
      ["taken back", undefined, [ann], to(north, 10), from(north, 10)],
      ["taken back by the operator", "validators/NotHolder", [north], from(north, 1)],
      ["taken back that are not there", "validators/NotBonded", [ann], to(north, 10), from(north, 11)],
      ["taken back where none are", "validators/NotBonded", [ann], from(north, 1)],
      ["withdrawn too early", "validators/NothingDue", [ann], to(north, 10), from(north, 10), withdraw],
      ["given for rewards", undefined, [ann], fund(1_000)],
      ["given for rewards by others", "validators/NotHolder", [north], fund(1)],
    ],
  );

  it("come back after the unbonding epochs, all that is due at once", async () => {
    const chain = await foundStaked({ policy: stake });
    await expectDone(chain.run(ann, to(north, 500), from(north, 100)));
    await toNextEpoch(chain);
    await expectDone(chain.run(ann, from(north, 50)));
    expect(stakeOf(chain, north, ann)).toEqual({
      tokens: 350,
      leaving: [
        { epoch: 2, tokens: 100 },
        { epoch: 3, tokens: 50 },
      ],
    });
    await toNextEpoch(chain);
    await expectDone(chain.run(ann, withdraw));
    expect(sharesOf(chain, ann)).toBe(600);
    expect((await chain.run(ann, withdraw)).refusal?.id).toBe("validators/NothingDue");
    await toNextEpoch(chain);
    await expectDone(chain.run(ann, withdraw));
    expect([sharesOf(chain, ann), stakeOf(chain, north, ann)]).toEqual([650, { tokens: 350, leaving: [] }]);
    await chain.checkInvariants();
    await chain.checkReplay();
  });

  it("leave in so many epochs before what is due is withdrawn, and no more", async () => {
    const chain = await foundStaked({ policy: stake });
    const leave = async () => (await chain.run(ann, from(north, 1))).refusal?.id;
    await expectDone(chain.run(ann, to(north, 500)));
    for (let claim = 1; claim < MAX_UNBONDING_EPOCHS; claim++) {
      await expectDone(chain.run(ann, from(north, 1)));
      await toNextEpoch(chain);
    }
    expect([await leave(), await leave()]).toEqual([undefined, undefined]);
    await toNextEpoch(chain);
    expect(await leave()).toBe("validators/TooManyClaims");
    await expectDone(chain.run(ann, withdraw));
    expect(await leave()).toBeUndefined();
  });
});

describe("the policy of stake", () => {
  it("gives power in proportion to what each organisation has bonded itself, in steps below a third", async () => {
    const chain = await foundStaked({ policy: stake });
    await expectDone(chain.run(ann, bondMessage("bond", { node: west, by: ann, amount: 1_000 })));
    await toNextEpoch(chain);
    expect(powersOf(chain, founders)).toEqual({ north: 400_000, east: 300_000, south: 200_000, west: 100_000 });
  });

  it("cuts what exceeds the cap, and never by more than a step", async () => {
    const chain = await foundStaked({ policy: { kind: "stake", capBasisPoints: 3_000 } }, [1_000, 100, 100, 100]);
    await toNextEpoch(chain);
    expect(powersOf(chain, founders)).toEqual({ north: 300_000, east: 233_333, south: 233_333, west: 233_333 });
  });

  it("keeps the set while nobody has bonded anything", async () => {
    const chain = await foundStaked({ policy: stake }, []);
    const { events } = await toNextEpoch(chain);
    expect(events.map(({ data }) => data)).toEqual([{ epoch: 1, alarm: "no-candidate" }]);
    expect(powersOf(chain, founders)).toEqual({ north: 1, east: 1, south: 1, west: 1 });
  });

  it("pays rewards by power, to all who bonded; what does not divide stays in the pot", async () => {
    const chain = await foundStaked({ policy: stake, epochReward: 99 });
    await expectDone(chain.run(ann, bondMessage("bond", { node: north, by: ann, amount: 400 })));
    await toNextEpoch(chain);
    await expectDone(chain.run(ann, { type: "validators.fundRewards", value: { account: ann.account, amount: 150 } }));
    const { events } = await toNextEpoch(chain);
    // Powers 4 : 3 : 2 : 1 of 99: 39 + 29 + 19 + 9.
    expect(events[0]).toMatchObject({ type: "validators.rewardsPaid", data: { epoch: 2, paid: 96, left: 54 } });
    expect([stakeOf(chain, north), stakeOf(chain, north, ann)].map(({ tokens }) => tokens)).toEqual([419, 419]);
    expect(stakeOf(chain, east).tokens).toBe(329);
    await toNextEpoch(chain);
    await toNextEpoch(chain);
    expect((ask(chain, "tokens.kind", { tokenKind: "shares" }) as { supply: number }).supply).toBe(5_000);
    await chain.checkInvariants();
  });
});

it("nobody lives on the fractions of those who bond later", async () => {
  const chain = await foundStaked({ policy: { kind: "delegated", seats: 4, power: "equal" }, epochReward: 400 }, [1, 1, 1, 1]);
  await toNextEpoch(chain);
  await expectDone(chain.run(ann, { type: "validators.fundRewards", value: { account: ann.account, amount: 400 } }));
  await toNextEpoch(chain);
  expect(stakeOf(chain, north).tokens).toBe(101);
  expect((await chain.run(ann, bondMessage("bond", { node: north, by: ann, amount: 201 }))).refusal?.id).toBe("validators/PoolTooThin");
  await expectDone(chain.run(ann, bondMessage("bond", { node: north, by: ann, amount: 202 })));
  expect([stakeOf(chain, north), stakeOf(chain, north, ann)].map(({ tokens }) => tokens)).toEqual([101, 202]);
});

describe("the policy of delegated stake", () => {
  it("seats the nodes with the most stake, by whomever it was bonded", async () => {
    const chain = await foundStaked({ policy: { kind: "delegated", seats: 3, power: "equal" } });
    await expectDone(chain.run(ann, bondMessage("bond", { node: west, by: ann, amount: 1_000 })));
    await toNextEpoch(chain);
    expect(powersOf(chain, founders)).toEqual({ north: 333_333, east: 333_333, west: 333_333 });
    await expectDone(
      chain.run(ann, bondMessage("unbond", { node: west, by: ann, amount: 1_000 }), readyMessage(south, chain.ledger.height)),
    );
    await toNextEpoch(chain);
    // A seat that changes hands is a third: it takes two epochs.
    expect(powersOf(chain, founders)).toEqual({ north: 333_333, east: 333_333, south: 300_000, west: 33_333 });
    await toNextEpoch(chain);
    expect(powersOf(chain, founders)).toEqual({ north: 333_333, east: 333_333, south: 333_333 });
  });

  it("can weigh seats by their stake", async () => {
    const chain = await foundStaked({ policy: { kind: "delegated", seats: 4, power: "stake" } });
    await expectDone(chain.run(ann, bondMessage("bond", { node: north, by: ann, amount: 1_000 })));
    await toNextEpoch(chain);
    await toNextEpoch(chain);
    expect(powersOf(chain, founders)).toEqual({ north: 700_000, east: 150_000, south: 100_000, west: 50_000 });
  });
});

describe("a node that votes twice", () => {
  it("loses a tenth of all that is bonded or leaving, once, and its power until it has another key and its time is over", async () => {
    const chain = await foundStaked({ policy: stake });
    await expectDone(
      chain.run(
        [west, ann],
        bondMessage("bond", { node: west, by: ann, amount: 1_000 }),
        bondMessage("unbond", { node: west, by: west, amount: 50 }),
      ),
    );
    chain.facts = { misbehavior: [doubleSignOf(west, 3), doubleSignOf(west, 2)] };
    const { events } = await chain.block();
    const until = chain.ledger.height + quick.doubleSign.jailBlocks;
    expect(events[0]).toMatchObject({
      type: "validators.jailed",
      data: { organisation: west.account, reason: "double-sign", until, slashed: 110 },
    });
    expect([stakeOf(chain, west).tokens, stakeOf(chain, west).leaving, stakeOf(chain, west, ann).tokens]).toEqual([
      45,
      [{ epoch: 2, tokens: 45 }],
      900,
    ]);
    chain.facts = { misbehavior: [doubleSignOf(west, 2)] };
    expect((await chain.block()).events.map(({ type }) => type)).not.toContain("validators.jailed");

    await toNextEpoch(chain);
    expect(powersOf(chain, founders)).not.toHaveProperty("west");
    expect((await chain.run(west, nodeMessage("unjail", west))).refusal?.id).toBe("validators/JailedYet");
    while (chain.ledger.height < until) await chain.block();
    expect((await chain.run(west, nodeMessage("unjail", west))).refusal?.id).toBe("validators/Convicted");
    const fresh = testKey("fresh");
    await expectDone(chain.run(west, keyMessage("replaceKey", west, fresh)));
    await expectDone(chain.run(west, nodeMessage("unjail", west)));
    expect((await chain.run(west, keyMessage("replaceKey", west))).refusal?.id).toBe("validators/KeyTaken");
    await expectDone(chain.run(west, readyMessage(west, chain.ledger.height, fresh)));
    await toNextEpoch(chain);
    expect(powersOf(chain, founders, new Map([[fresh.publicKey, "fresh"]]))).toHaveProperty("fresh");
    await chain.checkInvariants();
    await chain.checkReplay();
  });

  it("is found by its key when it has left, and does not escape jail by leaving", async () => {
    const chain = await foundStaked({ policy: stake });
    await expectDone(chain.run(west, nodeMessage("leave", west)));
    await toNextEpoch(chain);
    chain.facts = { misbehavior: [doubleSignOf(west, 3)] };
    await chain.block();
    expect(stakeOf(chain, west).tokens).toBe(90);
    expect((await chain.run(west, keyMessage("register", west))).refusal?.id).toBe("validators/KeyTaken");

    chain.facts = { misbehavior: [doubleSignOf(south, 3)] };
    await chain.block();
    await expectDone(chain.run(south, nodeMessage("leave", south)));
    await toNextEpoch(chain);
    expect((await chain.run(south, keyMessage("register", south, testKey("fresh")))).refusal?.id).toBe("validators/AlreadyRegistered");
    await toNextEpoch(chain);
    await toNextEpoch(chain);
    await toNextEpoch(chain);
    await expectDone(chain.run(south, keyMessage("register", south, testKey("fresh"))));
    await chain.checkInvariants();
  });

  it("whose key nobody knows changes nothing", async () => {
    const chain = await foundStaked({ policy: stake });
    const before = chain.ledger.appHash;
    chain.facts = { misbehavior: [doubleSignOf(testOperator("unknown"), 3)] };
    expect((await chain.block()).events).toEqual([]);
    expect(chain.ledger.appHash).toEqual(before);
  });
});

describe("a node that is away", () => {
  const misses = (chain: TestChain, away: TestOperator) => {
    chain.facts = { votes: founders.map((operator) => voteOf(operator, operator !== away)) };
    return chain.block();
  };

  it("goes to jail with its third missed vote in the window, is slashed, and comes back ready", async () => {
    const chain = await foundStaked({ policy: stake });
    await misses(chain, south);
    await misses(chain, south);
    for (let i = 0; i < 10; i++) await chain.block();
    await misses(chain, south);
    await misses(chain, south);
    expect(stakeOf(chain, south).tokens).toBe(200);
    const { events } = await misses(chain, south);
    expect(events.map(({ type, data }) => [type, data])).toContainEqual([
      "validators.jailed",
      { organisation: south.account, reason: "downtime", until: chain.ledger.height + 6, slashed: 2 },
    ]);
    await toNextEpoch(chain);
    expect(powersOf(chain, founders)).toEqual({ north: 500_000, east: 375_000, west: 125_000 });
    await toNextEpoch(chain);
    await expectDone(chain.run(south, nodeMessage("unjail", south)));
    await toNextEpoch(chain);
    expect(powersOf(chain, founders)).not.toHaveProperty("south");
    await expectDone(chain.run(south, readyMessage(south, chain.ledger.height)));
    await toNextEpoch(chain);
    expect(powersOf(chain, founders)).toHaveProperty("south");
    await chain.checkInvariants();
    await chain.checkReplay();
  });

  it.each([
    ["the window's first block still counts", 7, ["validators.jailed"]],
    ["what was missed before the window counts no more", 8, []],
  ])("%s", async (_name, between, expected) => {
    const chain = await foundNetwork({ founders });
    await misses(chain, south);
    for (let i = 0; i < between; i++) await chain.block();
    await misses(chain, south);
    const { events } = await misses(chain, south);
    expect(events.map(({ type }) => type).filter((type) => type === "validators.jailed")).toEqual(expected);
  });

  it("is not jailed and slashed once more while it is in jail", async () => {
    const chain = await foundStaked({ policy: stake });
    const jailings = [];
    for (let i = 0; i < 6; i++) jailings.push(...(await misses(chain, south)).events.filter(({ type }) => type === "validators.jailed"));
    expect(jailings.length).toBe(1);
    expect(stakeOf(chain, south).tokens).toBe(198);
  });

  it("earns nothing in the epoch in which it goes to jail", async () => {
    const chain = await foundStaked({ policy: stake, epochReward: 100 });
    await expectDone(chain.run(ann, { type: "validators.fundRewards", value: { account: ann.account, amount: 100 } }));
    await toNextEpoch(chain);
    const before = stakeOf(chain, west).tokens;
    for (let i = 0; i < 3; i++) await misses(chain, south);
    const jailed = stakeOf(chain, south).tokens;
    await expectDone(chain.run(ann, { type: "validators.fundRewards", value: { account: ann.account, amount: 100 } }));
    await toNextEpoch(chain);
    expect(stakeOf(chain, south).tokens).toBe(jailed);
    expect(stakeOf(chain, west).tokens).toBeGreaterThan(before);
  });

  it("is counted while it votes with its former key", async () => {
    const chain = await foundNetwork({ founders });
    await expectDone(chain.run(south, keyMessage("replaceKey", south, testKey("fresh"))));
    for (let i = 0; i < 2; i++) await misses(chain, south);
    expect((await misses(chain, south)).events.map(({ type }) => type)).toContain("validators.jailed");
  });

  it("is counted under equal votes too, where there is nothing to slash", async () => {
    const chain = await foundNetwork({ founders });
    for (let i = 0; i < 3; i++) await misses(chain, south);
    await toNextEpoch(chain);
    expect(powersOf(chain, founders)).toEqual({ north: 333_333, east: 333_333, west: 333_333 });
  });
});

it("nobody is rewarded at a node from which all have unbonded", async () => {
  const chain = await foundStaked({ policy: stake, epochReward: 100 });
  await expectDone(chain.run(ann, { type: "validators.fundRewards", value: { account: ann.account, amount: 100 } }));
  await toNextEpoch(chain);
  const { tokens } = stakeOf(chain, south);
  await expectDone(chain.run(south, bondMessage("unbond", { node: south, by: south, amount: tokens })));
  await expectDone(chain.run(ann, { type: "validators.fundRewards", value: { account: ann.account, amount: 100 } }));
  const { events } = await toNextEpoch(chain);
  expect(events.map(({ type }) => type)).toContain("validators.rewardsPaid");
  expect(stakeOf(chain, south).tokens).toBe(0);
  await chain.checkInvariants();
});

it("a policy counts from its first epoch, also when its numbers change", async () => {
  const chain = await foundNetwork({ founders });
  const since = () => (ask(chain, "validators.regime") as { policySince: number }).policySince;
  await expectDone(chain.run(founders, policyMessage({ minValidators: 2 })));
  await toNextEpoch(chain);
  expect(since()).toBe(0);
  await expectDone(chain.run(founders, policyMessage({ policy: stake })));
  await toNextEpoch(chain);
  await expectDone(chain.run(founders, policyMessage({ policy: { kind: "stake", capBasisPoints: 5_000 } })));
  await toNextEpoch(chain);
  expect(since()).toBe(2);
});

it("a policy is switched by decision, and back, at the next epoch, with all stake kept", async () => {
  const chain = await foundStaked({});
  await toNextEpoch(chain);
  await expectDone(chain.run(founders, policyMessage({ policy: stake })));
  const { events } = await toNextEpoch(chain);
  expect(events.map(({ type }) => type)).toEqual(["validators.policyBegan", "validators.setChanged"]);
  expect(powersOf(chain, founders)).toEqual({ north: 400_000, east: 300_000, south: 200_000, west: 100_000 });
  await expectDone(chain.run(founders, policyMessage({ policy: { kind: "equal" } })));
  await toNextEpoch(chain);
  expect(powersOf(chain, founders)).toEqual({ north: 250_000, east: 250_000, south: 250_000, west: 250_000 });
  expect(stakeOf(chain, north).tokens).toBe(400);
  await chain.checkInvariants();
  await chain.checkReplay();
});
