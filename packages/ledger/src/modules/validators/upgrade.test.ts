import { expect, it } from "vitest";
import { expectDone, foundingBy, testAccount } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { createTestChain, type TestChain } from "../../testing/chain.ts";
import { ledgerVersions } from "../index.ts";
import { keyMessage, type TestOperator, testOperator } from "./testing/scene.ts";

it("a chain of version 1 adopts its validator for its first member, and goes on without a change of the set", async () => {
  const members = ["north", "east"].map((name) => testAccount(name, { kind: "organisation" }));
  const chain = await createTestChain({ version: ledgerVersions.slice(0, 2), modules: foundingBy(...members) });
  await expectDone(chain.run(members, { type: "governance.scheduleUpgrade", value: { height: 4, version: 2 } }));
  await chain.block();
  await chain.block();
  const { validatorUpdates } = await chain.block();
  expect(validatorUpdates).toEqual([]);
  const [first] = members.map(({ account }) => account).toSorted();
  expect(ask(chain, "validators.nodes")).toMatchObject({
    nodes: [{ node: { organisation: first, registeredAt: 4 }, power: 1 }],
    totalPower: 1,
  });
  expect(ask(chain, "validators.regime")).toMatchObject({ settings: { admission: "closed" }, epoch: 0, nextEpochAt: 104 });
  for (let i = 0; i < 101; i++) expect((await chain.block()).validatorUpdates).toEqual([]);
  await chain.checkInvariants();
  await chain.checkReplay();
});

it("several validators of version 1 are claimed by those who hold their keys, and keep their power until all are", async () => {
  const operators = ["north", "east", "south"].map(testOperator) as [TestOperator, TestOperator, TestOperator];
  const [north, east, south] = operators;
  const chain = await createTestChain({
    version: ledgerVersions.slice(0, 2),
    modules: foundingBy(...operators),
    validators: operators.map(({ nodeKey }) => ({ publicKey: nodeKey.publicKey, power: 10 })),
  });
  await expectDone(chain.run(operators, { type: "governance.scheduleUpgrade", value: { height: 3, version: 2 } }));
  await chain.block();
  await chain.block();
  await expectDone(chain.run(north, keyMessage("register", north)));
  await expectDone(chain.run(east, keyMessage("register", east)));
  const { events, validatorUpdates } = await toHeight(chain, 103);
  expect([events.map(({ data }) => data), validatorUpdates]).toEqual([[{ epoch: 1, alarm: "too-few" }], []]);
  expect((await chain.run(south, keyMessage("register", south, north.nodeKey))).refusal?.id).toBe("validators/KeyTaken");
  await expectDone(chain.run(south, keyMessage("register", south)));
  expect((await toHeight(chain, 203)).validatorUpdates).toEqual([]);
  expect(ask(chain, "validators.nodes")).toMatchObject({
    nodes: operators.map(() => ({ power: 10, targetPower: 333_333 })),
    totalPower: 30,
  });
  await chain.checkInvariants();
});

async function toHeight(chain: TestChain, height: number) {
  while (chain.ledger.height < height - 1) await chain.block();
  return chain.block();
}
