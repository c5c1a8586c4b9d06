import { expect, it } from "vitest";
import { expectDone, foundingBy, testAccount } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { createTestChain } from "../../testing/chain.ts";
import { ledgerVersions } from "../index.ts";

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
