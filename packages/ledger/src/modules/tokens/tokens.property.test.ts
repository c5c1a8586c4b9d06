import fc from "fast-check";
import { expect, it } from "vitest";
import { expectDone, foundingBy, foundingVersion, testAccount } from "../../testing/actors.ts";
import { createTestChain, type TestChain } from "../../testing/chain.ts";
import { modelRuns, modelTimeout } from "../../testing/model-runs.ts";
import { balanceOf, potOf, tokensModule } from "./index.ts";
import { issues } from "./state.ts";
import { escrowModule, potNames } from "./testing/escrow-module.ts";
import { apply, createModel, holders, kinds, type Model, type Operation, operation, supplyOf } from "./tokens.model.ts";

const version = { ...foundingVersion, modules: [...foundingVersion.modules, tokensModule, escrowModule] };
const cast = new Map(holders.map((name) => [name as string, testAccount(name, { kind: name === "north" ? "organisation" : "person" })]));
const actor = (name: string) => cast.get(name)!;

function messageOf({ kind, tokenKind, from, to, pot, otherPot, amount }: Operation) {
  const [sender, recipient] = [actor(from).account, actor(to).account];
  switch (kind) {
    case "register":
      return { type: "tokens.register", value: { tokenKind } };
    case "mint":
      return { type: "tokens.mint", value: { tokenKind, account: recipient, amount } };
    case "transfer":
      return { type: "tokens.transfer", value: { tokenKind, sender, recipient, amount } };
    default:
      return { type: `escrow.${kind}`, value: { tokenKind, account: sender, pot, to: otherPot, amount } };
  }
}

function ledgerView({ ledger }: TestChain) {
  return kinds.map((kind) => ({
    supply: issues.get(ledger, kind)?.supply,
    balances: holders.map((name) => balanceOf(ledger, kind, actor(name).account)),
    pots: potNames.map((pot) => potOf(ledger, kind, pot)),
  }));
}

function modelView(model: Model): ReturnType<typeof ledgerView> {
  const at = (kind: string) => (place: string) => model.places.get(`${kind}/${place}`) ?? 0;
  return kinds.map((kind) => ({
    supply: model.registered.has(kind) ? supplyOf(model, kind) : undefined,
    balances: holders.map(at(kind)),
    pots: potNames.map(at(kind)),
  }));
}

it("answers every transaction as the model does, loses and makes no token, and replays to the same state", {
  timeout: modelTimeout(120_000),
}, async () => {
  const seen = new Set<string>();
  const run = async (operations: readonly Operation[]) => {
    const chain = await createTestChain({ version, modules: foundingBy(actor("north")) });
    const people = holders.filter((name) => name !== "north").map(actor);
    await expectDone(chain.run(people, ...people.map(({ create }) => create)));
    const model = createModel();
    for (const step of operations) {
      const result = await chain.run(actor(step.signer), messageOf(step));
      const expected = apply(model, step);
      expect(result.refusal?.id).toBe(expected);
      seen.add(expected ?? step.kind);
      expect(ledgerView(chain)).toEqual(modelView(model));
      await chain.checkInvariants();
    }
    await chain.checkReplay();
  };
  await fc.assert(fc.asyncProperty(fc.array(operation, { minLength: 30, maxLength: 120, size: "max" }), run), modelRuns(6, 1));
  for (const kind of ["register", "mint", "transfer", "hold", "release", "move", "burn"]) expect(seen).toContain(kind);
  for (const name of ["KindExists", "UnknownKind", "SupplyExceeded", "NotHolder", "SameAccount", "InsufficientBalance"])
    expect(seen).toContain(`tokens/${name}`);
});
