import { describe, expect, it } from "vitest";
import { expectDone, type TestAccount } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { type TestChain, testKey } from "../../testing/chain.ts";
import { refusalTable } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import { ledgerVersions } from "../index.ts";
import type { Settings } from "./settings.ts";
import { allNodes } from "./state.ts";
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

const clinic = testOperator("clinic");
const founders = [north, east, south, west];
const fresh = testKey("fresh");

const eventsOf = async (chain: TestChain, by: TestAccount, message: Message) =>
  (await expectDone(chain.run(by, message))).events.map(({ type, data }) => [type, data]);
const refusalIn = async (chain: TestChain, by: TestAccount, message: Message) => (await chain.run(by, message)).refusal?.id;
const jailingsOf = async (chain: TestChain, facts: TestChain["facts"]) => {
  chain.facts = facts;
  return (await chain.block()).events.filter(({ type }) => type === "validators.jailed");
};
/** Empty blocks until the next one has this height. */
async function upTo(chain: TestChain, height: number): Promise<void> {
  while (chain.ledger.height < height - 1) await chain.block();
}

describe("what happens to a node is told", () => {
  it("from its registration over its sign of life to its farewell", async () => {
    const chain = await foundNetwork({ founders, others: [clinic] });
    const organisation = clinic.account;
    const key = { organisation, publicKey: clinic.nodeKey.publicKey };
    expect(await eventsOf(chain, clinic, keyMessage("register", clinic))).toEqual([["validators.registered", key]]);
    expect(allNodes(chain.ledger)).toContainEqual({ ...key, registeredAt: chain.ledger.height });
    const { height } = chain.ledger;
    expect(await eventsOf(chain, clinic, readyMessage(clinic, height))).toEqual([["validators.readyAnnounced", { organisation, height }]]);
    expect(await eventsOf(chain, clinic, keyMessage("replaceKey", clinic, fresh))).toEqual([
      ["validators.keyReplaced", { organisation, publicKey: fresh.publicKey }],
    ]);
    expect(await eventsOf(chain, clinic, nodeMessage("leave", clinic))).toEqual([["validators.leaving", { organisation }]]);
  });

  it("also every step of its power, with whose it is and whether another follows", async () => {
    const policy: Settings["policy"] = { kind: "stake", capBasisPoints: 10_000 };
    const chain = await foundNetwork({ founders: [north, east], settings: { policy } });
    await mintShares(chain, [north, east], new Map([north, east].map(({ account }) => [account, 1_000])));
    const bonds = [
      bondMessage("bond", { node: north, by: north, amount: 900 }),
      bondMessage("bond", { node: east, by: east, amount: 100 }),
    ];
    await expectDone(chain.run([north, east], ...bonds));
    const steps: unknown[] = [];
    for (let epoch = 1; epoch <= 2; epoch++) {
      const { data } = (await toNextEpoch(chain)).events.find(({ type }) => type === "validators.setChanged")!;
      const { validators, ...step } = data as { validators: readonly { organisation: string; publicKey: string; power: number }[] };
      const power = ({ account, nodeKey: { publicKey } }: TestOperator) =>
        validators.find((member) => member.organisation === account && member.publicKey === publicKey)?.power;
      steps.push([step, power(north), power(east)]);
    }
    // From 1 : 1 to 9 : 1 more than a third would change hands at once.
    expect(steps).toEqual([
      [{ epoch: 1, policy: "stake", isComplete: false }, 800_000, 200_000],
      [{ epoch: 2, policy: "stake", isComplete: true }, 900_000, 100_000],
    ]);
  });
});

describe("a sign of life", () => {
  refusalTable(() => foundNetwork({ founders }), [["of the block that carries it", undefined, [north], readyMessage(north, 1)]]);

  it("counts for as many blocks as the alliance has decided, and no longer", async () => {
    const chain = await foundNetwork({ founders });
    await upTo(chain, 1 + quick.readinessBlocks);
    expect(await refusalIn(chain, north, readyMessage(north, 1))).toBeUndefined();
    expect(await refusalIn(chain, east, readyMessage(east, 1))).toBe("validators/StaleSign");
  });
});

describe("jail", () => {
  const away = (operator: TestOperator) => ({ votes: [voteOf(operator, false)] });

  /** The south's node goes to jail for three missed votes. */
  async function jailSouth(): Promise<{ chain: TestChain; until: number }> {
    const chain = await foundNetwork({ founders });
    for (let missed = 0; missed < 3; missed++) await jailingsOf(chain, away(south));
    return { chain, until: chain.ledger.height + quick.downtime.jailBlocks };
  }

  it("ends with the block that was named, by the word of the operator alone", async () => {
    const { chain, until } = await jailSouth();
    await upTo(chain, until - 1);
    expect(await refusalIn(chain, south, nodeMessage("unjail", south))).toBe("validators/JailedYet");
    expect(await refusalIn(chain, north, nodeMessage("unjail", south))).toBe("validators/NotOperator");
    const again = await jailSouth();
    await upTo(again.chain, again.until);
    expect(await eventsOf(again.chain, south, nodeMessage("unjail", south))).toEqual([
      ["validators.unjailed", { organisation: south.account }],
    ]);
  });

  it("leaves no missed votes of the time before it behind", async () => {
    const doubleSign = { ...quick.doubleSign, jailBlocks: 1 };
    const chain = await foundNetwork({ founders, settings: { doubleSign, downtime: { ...quick.downtime, windowBlocks: 100 } } });
    for (let missed = 0; missed < 2; missed++) expect(await jailingsOf(chain, away(west))).toEqual([]);
    expect(await jailingsOf(chain, { misbehavior: [doubleSignOf(west, 1)] })).toHaveLength(1);
    await expectDone(chain.run(west, keyMessage("replaceKey", west, fresh)));
    await expectDone(chain.run(west, nodeMessage("unjail", west)));
    expect(await jailingsOf(chain, away({ ...west, nodeKey: fresh }))).toEqual([]);
  });

  it("does not come back with old evidence, when the node has another key since", async () => {
    const chain = await foundNetwork({ founders, settings: { doubleSign: { ...quick.doubleSign, jailBlocks: 1 } } });
    const evidence = { misbehavior: [doubleSignOf(west, 1)] };
    expect(await jailingsOf(chain, evidence)).toHaveLength(1);
    await expectDone(chain.run(west, keyMessage("replaceKey", west, fresh)));
    await expectDone(chain.run(west, nodeMessage("unjail", west)));
    expect(await jailingsOf(chain, evidence)).toEqual([]);
  });
});

describe("what version 4 closed", () => {
  const NEWEST = ledgerVersions.at(-1)!.number;
  const key = (publicKey: string, powers: object) => Object.keys(powers).includes(publicKey);

  it.each([
    ["no power to a key that follows one without power until it shows life", NEWEST, false],
    ["power to it before", 3, true],
  ])("gives %s", async (_name, version, isInSet) => {
    const chain = await foundNetwork({ founders, others: [clinic], version });
    await expectDone(chain.run(clinic, keyMessage("register", clinic)));
    await expectDone(chain.run(clinic, readyMessage(clinic, chain.ledger.height), keyMessage("replaceKey", clinic, fresh)));
    await toNextEpoch(chain);
    expect(key(fresh.publicKey, powersOf(chain, founders))).toBe(isInSet);
    await chain.run(clinic, readyMessage(clinic, chain.ledger.height, fresh));
    await toNextEpoch(chain);
    expect(key(fresh.publicKey, powersOf(chain, founders))).toBe(true);
  });

  it.each([
    ["no jail", NEWEST, 3 + 100],
    ["a longer one before", 3, 4 + 1],
  ])("shortens by evidence of a double vote %s", async (_name, version, until) => {
    const settings = { downtime: { ...quick.downtime, jailBlocks: 100 }, doubleSign: { ...quick.doubleSign, jailBlocks: 1 } };
    const chain = await foundNetwork({ founders, settings, version });
    for (let missed = 0; missed < 3; missed++) await jailingsOf(chain, { votes: [voteOf(south, false)] });
    const [told] = await jailingsOf(chain, { misbehavior: [doubleSignOf(south, 1)] });
    expect(told!.data).toMatchObject({ reason: "double-sign", until });
    expect(allNodes(chain.ledger).find(({ organisation }) => organisation === south.account)!.jail).toEqual({
      reason: "double-sign",
      until,
    });
  });

  it.each([
    ["keeps no power without a sign of life", NEWEST, undefined, false],
    ["keeps it with one of the block of its release", NEWEST, 0, true],
    ["keeps none with one of before", NEWEST, -1, false],
    ["kept it without any before", 3, undefined, true],
  ])("a node that is released within the epoch %s", async (_name, version, sign, keeps) => {
    const settings = { downtime: { ...quick.downtime, maxMissed: 1, jailBlocks: 1 } };
    const chain = await foundNetwork({ founders, settings, version });
    await jailingsOf(chain, { votes: [voteOf(south, false)] });
    await expectDone(chain.run(south, nodeMessage("unjail", south)));
    if (sign !== undefined) {
      const refusal = await refusalIn(chain, north, readyMessage(south, chain.ledger.height + sign));
      expect(refusal).toBe(keeps ? undefined : "validators/StaleSign");
    }
    await toNextEpoch(chain);
    expect("south" in powersOf(chain, founders)).toBe(keeps);
    await expectDone(chain.run(south, readyMessage(south, chain.ledger.height)));
    await toNextEpoch(chain);
    expect("south" in powersOf(chain, founders)).toBe(true);
    await chain.checkInvariants();
  });
});

describe("a node that was gone and is back", () => {
  /** The west's node has missed two votes, has left, and is registered with another key. */
  async function backWithFreshKey(): Promise<TestChain> {
    const chain = await foundNetwork({ founders, settings: { downtime: { ...quick.downtime, windowBlocks: 100 } } });
    for (let missed = 0; missed < 2; missed++) await jailingsOf(chain, { votes: [voteOf(west, false)] });
    await expectDone(chain.run(west, nodeMessage("leave", west)));
    expect((await toNextEpoch(chain)).events.map(({ type }) => type)).toContain("validators.left");
    await expectDone(chain.run(west, keyMessage("register", west, fresh)));
    return chain;
  }

  it("begins without missed votes", async () => {
    const chain = await backWithFreshKey();
    expect(await jailingsOf(chain, { votes: [voteOf({ ...west, nodeKey: fresh }, false)] })).toEqual([]);
  });

  it("does not answer for votes of the key that it had then", async () => {
    const chain = await backWithFreshKey();
    for (let missed = 0; missed < 3; missed++) expect(await jailingsOf(chain, { votes: [voteOf(west, false)] })).toEqual([]);
  });
});

it("epochs of another length count from the block in which they are in force", async () => {
  const chain = await foundNetwork({ founders });
  await expectDone(chain.run(founders, policyMessage({ epochBlocks: 10 })));
  await toNextEpoch(chain);
  expect(ask(chain, "validators.regime")).toMatchObject({ epoch: 1, nextEpochAt: quick.epochBlocks + 10 });
  await upTo(chain, quick.epochBlocks + 10);
  expect(ask(chain, "validators.regime")).toMatchObject({ epoch: 1 });
  await chain.block();
  expect(ask(chain, "validators.regime")).toMatchObject({ epoch: 2, nextEpochAt: quick.epochBlocks + 20 });
});
