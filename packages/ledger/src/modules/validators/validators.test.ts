import { describe, expect, it } from "vitest";
import { expectDone, foundingBy, testAccount } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { createTestChain, type TestChain, testKey } from "../../testing/chain.ts";
import { refusalTable } from "../../testing/refusal-table.ts";
import { currentSet, requireNode } from "./state.ts";
import {
  east,
  foundNetwork,
  keyMessage,
  nodeMessage,
  nodesVersion,
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

const [clinic, stranger] = [testOperator("clinic"), testOperator("stranger")];
type KeyMessage = ReturnType<typeof keyMessage>;
const founders = [north, east, south, west];
const members = [...founders, clinic];

/** Four nodes with a vote each; a clinic that has none yet; a stranger with an account. */
async function foundAlliance(): Promise<TestChain> {
  const chain = await foundNetwork({ founders, others: [clinic] });
  await expectDone(chain.run(stranger, stranger.create));
  return chain;
}

describe("nodes", () => {
  const weak = { ...testKey("weak"), publicKey: "01".padEnd(64, "0") };
  refusalTable(foundAlliance, [
    ["registered", undefined, [clinic], keyMessage("register", clinic)],
    ["registered by others", "validators/NotOperator", [north], keyMessage("register", clinic)],
    ["registered for no member", "validators/NotMember", [stranger], keyMessage("register", stranger)],
    ["registered twice", "validators/AlreadyRegistered", [north], keyMessage("register", north)],
    ["registered with a key that anybody can sign for", "validators/WeakKey", [clinic], keyMessage("register", clinic, weak)],
    ["registered with another's key", "validators/KeyTaken", [clinic], keyMessage("register", clinic, north.nodeKey)],
    [
      "registered with another's proof",
      "validators/BadProof",
      [clinic],
      withProofOf(keyMessage("register", clinic), keyMessage("register", stranger)),
    ],
    ["replaced", undefined, [north], keyMessage("replaceKey", north, testKey("fresh"))],
    ["replaced by others", "validators/NotOperator", [east], keyMessage("replaceKey", north, testKey("fresh"))],
    ["replaced that are not there", "validators/UnknownNode", [clinic], keyMessage("replaceKey", clinic)],
    ["replaced by the same key", "validators/KeyTaken", [north], keyMessage("replaceKey", north)],
    [
      "replaced twice in an epoch",
      "validators/ReplacedLately",
      [north],
      keyMessage("replaceKey", north, testKey("fresh")),
      keyMessage("replaceKey", north, testKey("fresher")),
    ],
    ["ready", undefined, [stranger], readyMessage(north, 1)],
    ["ready with another key", "validators/BadProof", [north], readyMessage(north, 1, east.nodeKey)],
    ["ready in the future", "validators/StaleSign", [north], readyMessage(north, 3)],
    ["ready twice at a height", "validators/StaleSign", [north], readyMessage(north, 1), readyMessage(north, 1)],
    ["ready that are not there", "validators/UnknownNode", [clinic], readyMessage(clinic, 1)],
    ["that leave", undefined, [north], nodeMessage("leave", north)],
    ["that leave twice", "validators/AlreadyLeaving", [north], nodeMessage("leave", north), nodeMessage("leave", north)],
    ["sent away by others", "validators/NotOperator", [east, south, west], nodeMessage("leave", north)],
    ["freed that are not in jail", "validators/NotJailed", [north], nodeMessage("unjail", north)],
    ["given another policy", undefined, members, policyMessage({})],
    ["given another policy by one member", "governance/NotDecided", [north], policyMessage({})],
  ]);

  it("of long ago are no sign of life", async () => {
    const chain = await foundAlliance();
    for (let i = 0; i < quick.readinessBlocks; i++) await chain.block();
    expect((await chain.run(north, readyMessage(north, 1))).refusal?.id).toBe("validators/StaleSign");
  });

  it("get a vote when they are registered and ready, and only then", async () => {
    const chain = await foundAlliance();
    await expectDone(chain.run(clinic, keyMessage("register", clinic)));
    await toNextEpoch(chain);
    expect(powersOf(chain, members)).toEqual({ north: 1, east: 1, south: 1, west: 1 });
    await expectDone(chain.run(north, readyMessage(clinic, chain.ledger.height)));
    const { validatorUpdates, events } = await toNextEpoch(chain);
    const vote = 200_000;
    expect(powersOf(chain, members)).toEqual({ north: vote, east: vote, south: vote, west: vote, clinic: vote });
    expect(validatorUpdates).toHaveLength(5);
    expect(events.map(({ type }) => type)).toEqual(["validators.setChanged"]);
    expect((await toNextEpoch(chain)).validatorUpdates).toEqual([]);
    await chain.checkInvariants();
    await chain.checkReplay();
  });

  it("get none on a chain that is closed to others than its first nodes", async () => {
    const chain = await foundNetwork({ founders: [north], others: [clinic], settings: { admission: "closed" } });
    await expectDone(chain.run(clinic, keyMessage("register", clinic)));
    await expectDone(chain.run(clinic, readyMessage(clinic, 1)));
    expect((await toNextEpoch(chain)).validatorUpdates).toEqual([]);
    await expectDone(chain.run([north, clinic], policyMessage({}), readyMessage(clinic, chain.ledger.height)));
    await toNextEpoch(chain);
    expect(powersOf(chain, members)).toEqual({ north: 700_000, clinic: 300_000 });
  });

  it("keep their vote under a new key, which replaces the old one in one step", async () => {
    const chain = await foundAlliance();
    const fresh = testKey("fresh");
    await expectDone(chain.run(north, keyMessage("replaceKey", north, fresh)));
    const { validatorUpdates } = await toNextEpoch(chain);
    expect(validatorUpdates.filter(({ power }) => power === 0)).toEqual([{ publicKey: north.nodeKey.publicKey, power: 0 }]);
    expect(powersOf(chain, members, new Map([[fresh.publicKey, "fresh"]]))).toMatchObject({ fresh: 250_000, east: 250_000 });
    expect((await chain.run(east, keyMessage("replaceKey", east, north.nodeKey))).refusal?.id).toBe("validators/KeyTaken");
    await expectDone(chain.run(north, keyMessage("replaceKey", north)));
  });

  it.each([
    [
      "get the whole of it at once also when another leaves in the epoch, and keep less than a third moving",
      nodesVersion.number,
      { fresh: 266_666, east: 266_666, south: 266_666, west: 200_000 },
    ],
    ["got it in steps then, before version 4", 3, { fresh: 200_000, north: 100_000, east: 300_000, south: 300_000, west: 100_000 }],
  ])("%s", async (_, version, expected) => {
    const chain = await foundNetwork({ founders, others: [clinic], version });
    const fresh = testKey("fresh");
    await expectDone(chain.run([north, west], keyMessage("replaceKey", north, fresh), nodeMessage("leave", west)));
    await toNextEpoch(chain);
    const powers = powersOf(chain, members, new Map([[fresh.publicKey, "fresh"]]));
    expect(powers).toEqual(expected);
    await chain.checkInvariants();
  });

  it("do not change it with others that have a third of the power together, until the next epoch", async () => {
    const chain = await foundAlliance();
    await expectDone(chain.run(north, keyMessage("replaceKey", north, testKey("fresh"))));
    const second = () => chain.run(east, keyMessage("replaceKey", east, testKey("fresher")));
    expect((await second()).refusal).toMatchObject({ id: "validators/TooPowerful", details: { power: 2 } });
    await toNextEpoch(chain);
    await expectDone(second());
  });

  it("changed it together, and got it in steps, before version 4", async () => {
    const chain = await foundNetwork({ founders, others: [clinic], version: 3 });
    const [fresh, fresher] = [testKey("fresh"), testKey("fresher")];
    await expectDone(chain.run([north, east], keyMessage("replaceKey", north, fresh), keyMessage("replaceKey", east, fresher)));
    await toNextEpoch(chain);
    expect(powersOf(chain, members)).toMatchObject({
      north: 100_000,
      east: 100_000,
      [fresh.publicKey]: 150_000,
      [fresher.publicKey]: 150_000,
    });
  });

  it("with a third of the power do not change their key at once", async () => {
    const chain = await foundNetwork({ founders: [north, east, south] });
    expect((await chain.run(north, keyMessage("replaceKey", north, testKey("fresh")))).refusal?.id).toBe("validators/TooPowerful");
  });

  it("that leave are gone after the epoch and may come back", async () => {
    const chain = await foundAlliance();
    await expectDone(chain.run(north, nodeMessage("leave", north)));
    expect((await chain.run(north, keyMessage("replaceKey", north, testKey("fresh")))).refusal?.id).toBe("validators/Leaving");
    const { events } = await toNextEpoch(chain);
    expect(events.map(({ type }) => type)).toEqual(["validators.setChanged", "validators.left"]);
    expect(powersOf(chain, members)).toEqual({ east: 333_333, south: 333_333, west: 333_333 });
    await expectDone(chain.run(north, keyMessage("register", north)));
    await chain.checkInvariants();
  });

  it("of an organisation that leaves the alliance go with it", async () => {
    const chain = await foundAlliance();
    await expectDone(chain.run(west, { type: "governance.removeMember", value: { organisation: west.account } }));
    await toNextEpoch(chain);
    expect(powersOf(chain, members)).toEqual({ north: 333_333, east: 333_333, south: 333_333 });
    expect(() => requireNode(chain.ledger, west.account)).toThrow("validators/UnknownNode");
  });

  it("never become fewer than the alliance wants, which is told in every epoch", async () => {
    const chain = await foundNetwork({ founders, settings: { minValidators: 4 } });
    await expectDone(chain.run(north, nodeMessage("leave", north)));
    for (let epoch = 1; epoch <= 2; epoch++) {
      const { events, validatorUpdates } = await toNextEpoch(chain);
      expect(validatorUpdates).toEqual([]);
      expect(events.map(({ type, data }) => [type, data])).toEqual([["validators.setHeld", { epoch, alarm: "too-few" }]]);
    }
  });
});

describe("the founding", () => {
  const part = (...nodes: readonly object[]) => ({ ...foundingBy(north, east), validators: { nodes, settings: quick } });
  const node = ({ account, nodeKey }: TestOperator) => ({ organisation: account, publicKey: nodeKey.publicKey });
  const broken: readonly (readonly [name: string, modules: object, reason: string])[] = [
    ["a node of no member", part(node(north), node(clinic)), "no member"],
    ["an organisation twice", part(node(north), { ...node(east), organisation: north.account }), "named twice"],
    ["a validator without organisation", part(node(north)), "belongs to no organisation"],
    ["a node that is no validator", part(node(north), { ...node(east), publicKey: clinic.nodeKey.publicKey }), "no validator"],
    ["settings out of range", { ...part(node(north), node(east)), validators: { nodes: [node(north)], settings: {} } }, "does not fit"],
  ];
  it.each(broken)("is refused with %s", async (_name, modules, reason) => {
    const validators = [north, east].map(({ nodeKey }) => ({ publicKey: nodeKey.publicKey, power: 1 }));
    await expect(createTestChain({ version: nodesVersion, validators, modules: { ...modules } })).rejects.toThrow(reason);
  });

  it("without a word on nodes gives the validator to the first member, closed to others", async () => {
    const chain = await createTestChain({ version: nodesVersion, modules: foundingBy(north, east) });
    const [first] = [north, east].map(({ account }) => account).toSorted();
    expect(ask(chain, "validators.nodes")).toMatchObject({
      nodes: [{ node: { organisation: first }, power: 1, targetPower: 1_000_000 }],
      totalPower: 1,
    });
    expect(ask(chain, "validators.regime")).toMatchObject({
      settings: { policy: { kind: "equal" }, admission: "closed" },
      epoch: 0,
      nextEpochAt: 100,
    });
  });
});

it("an idle chain goes through epochs and misses of votes without a change of its state where nothing happens", async () => {
  const chain = await foundNetwork({ founders, settings: { downtime: { ...quick.downtime, sampleBlocks: 5 } } });
  await toNextEpoch(chain); // powers of millionths replace the founders' powers of one only when they differ
  const roots = new Set<string>();
  for (let i = 0; i < 3 * quick.epochBlocks; i++) roots.add(String((await chain.block()).appHash));
  expect(roots.size).toBe(1);
  for (let i = 0; i < 5; i++) {
    chain.facts = { votes: founders.map((operator) => voteOf(operator, operator !== north)) };
    roots.add(String((await chain.block()).appHash));
  }
  expect(roots.size).toBe(2);
  expect(currentSet(chain.ledger)).toHaveLength(4);
});

it("queries tell of a node, and refuse what is not there", async () => {
  const chain = await foundAlliance();
  const { nodes } = ask(chain, "validators.nodes") as { nodes: readonly { node: { organisation: string } }[] };
  expect(nodes.map(({ node }) => node.organisation)).toEqual(founders.map(({ account }) => account).toSorted());
  expect(ask(chain, "validators.node", { organisation: east.account })).toMatchObject({
    power: 1,
    targetPower: 250_000,
    isReady: true,
    solutions: 0,
  });
  expect(() => ask(chain, "validators.node", { organisation: clinic.account })).toThrow("validators/UnknownNode");
  expect(() => ask(chain, "validators.puzzle", { organisation: east.account })).toThrow("validators/NoPuzzle");
  await expectDone(chain.run(members, policyMessage({ policy: { kind: "stake", capBasisPoints: 5_000 } })));
  expect(ask(chain, "validators.regime")).toMatchObject({
    settings: { policy: { kind: "equal" } },
    planned: { policy: { kind: "stake" } },
    nextEpochAt: quick.epochBlocks,
  });
});

function withProofOf(message: KeyMessage, other: KeyMessage): KeyMessage {
  return { ...message, value: { ...message.value, proof: other.value.proof } };
}

it("accounts of persons run no node", async () => {
  const chain = await foundAlliance();
  const ann = testAccount("ann");
  await expectDone(chain.run(ann, ann.create));
  const message = keyMessage("register", { ...ann, name: "ann", nodeKey: testKey("ann/node") });
  expect((await chain.run(ann, message)).refusal?.id).toBe("validators/NotMember");
});
