import { describe, expect, it } from "vitest";
import { genesisHash, type Successor, successorHash } from "../../app/genesis.ts";
import { defaultParameters } from "../../app/parameters.ts";
import { bytesToHex } from "../../crypto/hex.ts";
import { portableCrypto } from "../../crypto/portable.ts";
import { expectDone, foundingBy, testAccount } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { createTestChain, type TestChain, testKey } from "../../testing/chain.ts";
import { ledgerVersions } from "../index.ts";
import { balanceOf } from "../tokens/index.ts";
import type { Settings } from "./settings.ts";
import { miners, puzzle } from "./state.ts";
import {
  bondMessage,
  doubleSignOf,
  east,
  keyMessage,
  mine,
  mintShares,
  nodeMessage,
  north,
  powersOf,
  quick,
  solveMessage,
  south,
  type TestOperator,
  toNextEpoch,
  west,
} from "./testing/scene.ts";

const founders = [north, east, south, west];
const ann = testAccount("ann");
const NEWEST = ledgerVersions.at(-1)!.number;
const stake: Settings["policy"] = { kind: "stake", capBasisPoints: 10_000 };
const work: Settings["policy"] = {
  ...{ kind: "work", windowEpochs: 64, solutionsPerEpoch: 16, difficulty: 1 },
  ...{ founderBasisPoints: 10_000, fadeEpochs: 1_000 },
};

const nodesOf = (operators: readonly TestOperator[]) =>
  operators.map(({ account, nodeKey }) => ({ organisation: account, publicKey: nodeKey.publicKey }));
const validatorsOf = (operators: readonly TestOperator[]) => operators.map(({ nodeKey }) => ({ publicKey: nodeKey.publicKey, power: 1 }));

/** A chain of the whole ledger on which the founders' nodes vote. */
function foundWhole(version: number, settings: Partial<Settings>): Promise<TestChain> {
  return createTestChain({
    version: ledgerVersions.filter(({ number }) => number === version),
    validators: validatorsOf(founders),
    modules: { ...foundingBy(...founders), validators: { nodes: nodesOf(founders), settings: { ...quick, ...settings } } },
  });
}

/** What the founders name as the successor: a network of theirs with the same keys. */
function successorOf({ ledger }: TestChain, settings: Partial<Settings>): Successor {
  const modules = { validators: { nodes: nodesOf(founders), settings: { ...quick, ...settings } } };
  return { chainId: "second", version: ledger.version.number, validators: validatorsOf(founders), parameters: defaultParameters, modules };
}

function announceMessage(document: Successor) {
  const hash = successorHash(document, portableCrypto);
  return { type: "handover.announce", value: { chainId: document.chainId, successorHash: hash } };
}

/** Begins the network of the document on the state of the chain that named it. */
async function begin({ ledger, genesis, kv, now }: TestChain, document: Successor): Promise<TestChain> {
  const founded = genesisHash(genesis, portableCrypto);
  const predecessor = { chainId: ledger.chainId, genesisHash: founded, height: ledger.height, appHash: bytesToHex(ledger.appHash) };
  const next = { ...document, genesisTime: now + 60_000, predecessor };
  const chain = await createTestChain({ version: ledgerVersions, from: { kv, genesis: next } });
  await chain.block();
  return chain;
}

async function handOver(chain: TestChain, settings: Partial<Settings>): Promise<TestChain> {
  const document = successorOf(chain, settings);
  await expectDone(chain.run(founders, announceMessage(document)));
  return begin(chain, document);
}

describe("a chain that goes on in another network", () => {
  const withdraw = { type: "validators.withdraw", value: { organisation: north.account, account: ann.account } };
  const stakeOf = (chain: TestChain) => ask(chain, "validators.stake", { organisation: north.account, account: ann.account });

  /** Ann has bonded to the north's node and takes back 300, due from epoch 3 on; this is epoch 3, or before it. */
  async function foundUnbonding(version: number, epochs: number): Promise<TestChain> {
    const chain = await foundWhole(version, { policy: stake });
    await expectDone(chain.run(ann, ann.create));
    await mintShares(chain, founders, new Map([...founders, ann].map(({ account }) => [account, 1_000])));
    const bonds = founders.map((node) => bondMessage("bond", { node, by: node, amount: 100 }));
    await expectDone(chain.run([...founders, ann], ...bonds, bondMessage("bond", { node: north, by: ann, amount: 1_000 })));
    await toNextEpoch(chain);
    await expectDone(chain.run(ann, bondMessage("unbond", { node: north, by: ann, amount: 300 })));
    for (let epoch = 1; epoch < epochs; epoch++) await toNextEpoch(chain);
    return chain;
  }

  it("pays out what was due there", async () => {
    const after = await handOver(await foundUnbonding(NEWEST, 3), { policy: stake });
    expect(ask(after, "validators.regime")).toMatchObject({
      epoch: 4,
      policySince: 4,
      nextEpochAt: after.ledger.height + quick.epochBlocks,
    });
    await expectDone(after.run(ann, withdraw));
    expect(balanceOf(after.ledger, "shares", ann.account)).toBe(300);
    await after.checkInvariants();
  });

  it("slashes what is leaving until it is due", async () => {
    const after = await handOver(await foundUnbonding(NEWEST, 1), { policy: stake });
    expect((await after.run(ann, withdraw)).refusal?.id).toBe("validators/NothingDue");
    after.facts = { misbehavior: [doubleSignOf(north, after.ledger.height)] };
    await after.block();
    expect(stakeOf(after)).toEqual({ tokens: 630, leaving: [{ epoch: 3, tokens: 270 }] });
    for (let i = 0; i < quick.epochBlocks; i++) await after.block();
    await expectDone(after.run(ann, withdraw));
    await after.checkInvariants();
  });

  it("counted epochs from 0 again before version 4, and locked what was due", async () => {
    const after = await handOver(await foundUnbonding(3, 3), { policy: stake });
    expect(ask(after, "validators.regime")).toMatchObject({ epoch: 0, policySince: 0 });
    expect((await after.run(ann, withdraw)).refusal?.id).toBe("validators/NothingDue");
  });

  it("counts no solution of before, neither of nodes that were there at the end nor of those that were gone", async () => {
    const chain = await foundWhole(NEWEST, { policy: work });
    for (const node of [north, west])
      await expectDone(chain.run(node, solveMessage(node, mine(puzzle.get(chain.ledger, "current")!, node, { count: 3 }))));
    await expectDone(chain.run(west, nodeMessage("leave", west)));
    await toNextEpoch(chain);
    const document = { ...successorOf(chain, {}), validators: validatorsOf([north, east, south]) };
    const modules = { validators: { nodes: nodesOf([north, east, south]), settings: { ...quick, policy: work } } };
    await expectDone(chain.run(founders, announceMessage({ ...document, modules })));
    const after = await begin(chain, { ...document, modules });
    await expectDone(after.run(west, keyMessage("register", west, west.nodeKey, "second")));
    for (const { account } of [north, west]) {
      expect(ask(after, "validators.node", { organisation: account })).toMatchObject({ solutions: 0 });
      expect(miners.has(after.ledger, account)).toBe(false);
    }
    await after.checkInvariants();
  });
});

describe("a decided handover", () => {
  const later = { policy: { kind: "equal" } } as const;
  const [toBeGone, convicted] = [west, south];
  const removeWest = { type: "governance.removeMember", value: { organisation: toBeGone.account } };
  const setOf = (chain: TestChain) => powersOf(chain, founders);

  it("is not undone by a member that leaves the alliance after it was decided what the document says", async () => {
    const chain = await foundWhole(NEWEST, {});
    const document = successorOf(chain, later);
    await expectDone(chain.run(founders, removeWest, announceMessage(document)));
    const after = await begin(chain, document);
    expect(setOf(after)).toEqual({ north: 1, east: 1, south: 1, west: 1 });
    expect(() => ask(after, "validators.node", { organisation: toBeGone.account })).toThrow("validators/UnknownNode");
    for (let i = 0; i < quick.epochBlocks; i++) await after.block();
    expect(setOf(after)).toEqual({ north: 333_333, east: 333_333, south: 333_333 });
    await after.checkInvariants();
  });

  it.each([
    ["whose nodes the document names", true],
    ["whose document names keys alone", false],
  ])("is not undone by a key that is convicted in its block, in a network %s", async (_name, isNamed) => {
    const chain = await foundWhole(NEWEST, {});
    const named = successorOf(chain, later);
    const document = isNamed ? named : { ...named, modules: {} };
    chain.facts = { misbehavior: [doubleSignOf(convicted, chain.ledger.height)] };
    await expectDone(chain.run(founders, announceMessage(document)));
    const after = await begin(chain, document);
    expect(setOf(after)).toEqual({ north: 1, east: 1, south: 1, west: 1 });
    const again = keyMessage("register", convicted, convicted.nodeKey, "second");
    const refusal = isNamed ? "validators/AlreadyRegistered" : "validators/KeyTaken";
    expect((await after.run(convicted, again)).refusal?.id).toBe(refusal);
    await after.checkInvariants();
  });

  it("jails a convicted key's node, until its time is over and it has another key", async () => {
    const chain = await foundWhole(NEWEST, {});
    const document = successorOf(chain, later);
    chain.facts = { misbehavior: [doubleSignOf(convicted, chain.ledger.height)] };
    await expectDone(chain.run(founders, announceMessage(document)));
    const after = await begin(chain, document);
    const until = after.ledger.height + quick.doubleSign.jailBlocks;
    const { organisation } = { organisation: convicted.account };
    expect(after.executed[0]!.finalized.events).toContainEqual(
      expect.objectContaining({ type: "validators.jailed", data: { organisation, reason: "double-sign", until, slashed: 0 } }),
    );
    while (after.ledger.height < until - 1) await after.block();
    expect(setOf(after)).toEqual({ north: 333_333, east: 333_333, west: 333_333 });
    expect((await after.run(convicted, nodeMessage("unjail", convicted))).refusal?.id).toBe("validators/Convicted");
    await expectDone(after.run(convicted, keyMessage("replaceKey", convicted, testKey("fresh"), "second")));
    await expectDone(after.run(convicted, nodeMessage("unjail", convicted)));
    await after.checkInvariants();
  });

  it("could be undone by both before version 4", async () => {
    const left = await foundWhole(3, {});
    await expectDone(left.run(founders, removeWest, announceMessage(successorOf(left, later))));
    await expect(begin(left, successorOf(left, later))).rejects.toThrow("no member of the alliance");
    const jailed = await foundWhole(3, {});
    jailed.facts = { misbehavior: [doubleSignOf(convicted, jailed.ledger.height)] };
    await expectDone(jailed.run(founders, announceMessage(successorOf(jailed, later))));
    await expect(begin(jailed, successorOf(jailed, later))).rejects.toThrow("was convicted on the chain before");
  });
});
