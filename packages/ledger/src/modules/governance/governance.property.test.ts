import fc from "fast-check";
import { expect, it } from "vitest";
import { defaultParameters, parameters } from "../../app/parameters.ts";
import { upgrade } from "../../app/upgrades.ts";
import { expectDone, foundingBy, foundingVersion, testAccount } from "../../testing/actors.ts";
import { createTestChain, type TestChain } from "../../testing/chain.ts";
import { modelRuns, modelTimeout } from "../../testing/model-runs.ts";
import { apply, createModel, founders, type Model, names, type Operation, operation, signersOf } from "./governance.model.ts";
import { governanceModule, isMember } from "./index.ts";
import { MAX_ISSUER_CHANGES } from "./schema.ts";
import { issuableTypes } from "./state.ts";

const cast = new Map(names.map((name) => [name as string, testAccount(name, { kind: "organisation" })]));
const actor = (name: string) => cast.get(name)!;

function messageOf(step: Operation, height: number) {
  const type = `governance.${step.kind}`;
  switch (step.kind) {
    case "admitMember":
    case "removeMember":
      return { type, value: { organisation: actor(step.target).account } };
    case "removeIssuer":
      return { type, value: { issuer: actor(step.target).account } };
    case "registerIssuer":
      return { type, value: { issuer: actor(step.target).account, credentialTypes: step.types } };
    case "setParameters":
      return { type, value: { ...defaultParameters, maxBlockBytes: step.maxBlockBytes } };
    case "scheduleUpgrade":
      return { type, value: { height: height + step.ahead, version: step.version } };
    case "cancelUpgrade":
      return { type, value: {} };
  }
}

function ledgerView({ ledger }: TestChain) {
  return {
    members: names.filter((name) => isMember(ledger, actor(name).account)),
    issuers: names.map((name) => issuableTypes(ledger, actor(name).account, ledger.time).toSorted()),
    maxBlockBytes: parameters.get(ledger, "current")?.maxBlockBytes,
    planned: upgrade.get(ledger, "planned"),
  };
}

function modelView({ members, issuers, maxBlockBytes, planned }: Model): ReturnType<typeof ledgerView> {
  return {
    members: names.filter((name) => members.has(name)),
    issuers: names.map((name) => [...(issuers.get(name) ?? [])].toSorted()),
    maxBlockBytes: maxBlockBytes ?? defaultParameters.maxBlockBytes,
    planned,
  };
}

it("answers every transaction as the model does, keeps its invariants, and replays to the same state", {
  timeout: modelTimeout(120_000),
}, async () => {
  const seen = new Set<string>();
  const run = async (operations: readonly Operation[]) => {
    const chain = await createTestChain({ version: foundingVersion, modules: foundingBy(...founders.map(actor)) });
    const outsiders = names.filter((name) => !founders.includes(name)).map(actor);
    await expectDone(chain.run(outsiders, ...outsiders.map(({ create }) => create)));
    const model = createModel();
    for (const step of operations) {
      const height = chain.ledger.height + 1;
      const actors = signersOf(model, step).map(actor);
      const result = await chain.run(actors, messageOf(step, height));
      const expected = apply(model, step, height);
      expect(result.refusal?.id).toBe(expected);
      seen.add(expected ?? `governance.${step.kind}`);
      expect(ledgerView(chain)).toEqual(modelView(model));
      await chain.checkInvariants();
    }
    await chain.checkReplay();
  };
  // No issuer is changed so often that its history is full: that is a story of its own.
  const operations = fc
    .array(operation, { minLength: 1, maxLength: 200, size: "max" })
    .filter((steps) => names.every((name) => steps.filter((one) => "target" in one && one.target === name).length < MAX_ISSUER_CHANGES));
  await fc.assert(fc.asyncProperty(operations, run), modelRuns(5, 1));

  const messages = governanceModule.messages.map(({ type }) => type);
  expect([...seen].filter((what) => messages.includes(what)).toSorted()).toEqual(messages.toSorted());
  expect(seen.size).toBeGreaterThan(messages.length + 8);
});
