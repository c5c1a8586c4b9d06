import fc from "fast-check";
import { expect, it } from "vitest";
import { defaultParameters } from "../../app/parameters.ts";
import { expectDone, foundingBy, testAccount, testAuthority } from "../../testing/actors.ts";
import { createTestChain, type TestChain, testKey } from "../../testing/chain.ts";
import { modelRuns, modelTimeout } from "../../testing/model-runs.ts";
import type { Message } from "../../tx/transaction.ts";
import { isMember, issuableTypes } from "../governance/index.ts";
import { apply, createModel, founders, type Model, names, type Operation, operation, type Subject, targetOf } from "./approvals.model.ts";
import { approvalsModule } from "./index.ts";
import { about, approvalsVersion, approveMessage, proposedMessage, stateOf } from "./testing/scene.ts";

const cast = new Map(names.map((name) => [name as string, testAccount(name, { kind: "organisation" })]));
const account = (name: string) => cast.get(name)!.account;
const NOBODY = "00".repeat(32);

/** The account with the keys that it has by now. */
function actor(model: Model, name: string) {
  const keys = model.keys.get(name)!;
  return { account: account(name), keys: [testKey(keys === 0 ? name : `${name}/${keys}`)] };
}

const candidate = { issuer: account("clinic"), credentialTypes: ["degree"] };
const subjects: Readonly<Record<Subject, Message>> = {
  parameters: { type: "governance.setParameters", value: { ...defaultParameters, maxBlockBytes: 70_000 } },
  admit: { type: "governance.admitMember", value: { organisation: account("clinic") } },
  strike: { type: "governance.removeIssuer", value: { issuer: candidate.issuer } },
};

function messageOf(model: Model, operation: Operation, { chain, ids }: { chain: TestChain; ids: readonly string[] }): Message {
  const name = operation.by[0]!;
  switch (operation.kind) {
    case "propose": {
      const asked = operation.asked.map(account);
      const expiresAt = chain.now + operation.windowMs;
      return { type: "approvals.propose", value: { messages: [proposedMessage(subjects[operation.subject])], asked, expiresAt } };
    }
    case "rotate": {
      const next = `${name}/${model.keys.get(name)! + 1}`;
      return { type: "accounts.rotateKeys", value: { account: account(name), ...testAuthority(name, [testKey(next)]) } };
    }
    case "leave":
      return { type: "governance.removeMember", value: { organisation: account(name) } };
    case "register":
      return { type: "governance.registerIssuer", value: candidate };
    case "approve":
      return approveMessage(chain, ids[targetOf(model, operation.proposal)] ?? NOBODY);
    default:
      return about(operation.kind, ids[targetOf(model, operation.proposal)] ?? NOBODY);
  }
}

function ledgerView(chain: TestChain, ids: readonly string[]) {
  const events = chain.executed.flatMap(({ finalized }) => finalized.txResults.flatMap((result) => result.events));
  return {
    states: ids.map((id) => stateOf(chain, id)),
    members: names.filter((name) => isMember(chain.ledger, account(name))),
    registered: issuableTypes(chain.ledger, candidate.issuer, chain.ledger.time).length > 0,
    changes: events.filter(({ type }) => type === "governance.parametersSet").length,
  };
}

function modelView({ proposals, members, registered, changes }: Model): ReturnType<typeof ledgerView> {
  return { states: proposals.map(({ state }) => state), members: names.filter((name) => members.has(name)), registered, changes };
}

/** What chance would seldom find: a decision that something else stands against, until it is tried again. */
const beginning: readonly Operation[] = [
  { kind: "propose", subject: "strike", asked: names, windowMs: 3_600_000, by: founders.slice(0, 3), waitMs: 0 },
  { kind: "register", by: [], waitMs: 0 },
  { kind: "execute", proposal: 0, by: ["west"], waitMs: 0 },
];

it("answers every transaction as the model does, keeps its invariants, and replays to the same state", {
  timeout: modelTimeout(120_000),
}, async () => {
  const seen = new Set<string>();
  const run = async (operations: readonly Operation[]) => {
    const chain = await createTestChain({ version: approvalsVersion, modules: foundingBy(...founders.map((name) => cast.get(name)!)) });
    const outsiders = names.filter((name) => !founders.includes(name)).map((name) => cast.get(name)!);
    await expectDone(chain.run(outsiders, ...outsiders.map(({ create }) => create)));
    const model = createModel();
    const ids: string[] = [];
    for (const step of [...beginning, ...operations]) {
      chain.now += step.waitMs;
      const signers = step.kind === "register" ? [...model.members] : step.by;
      const message = messageOf(model, step, { chain, ids });
      const { now } = chain;
      const result = await chain.run(
        signers.map((name) => actor(model, name)),
        message,
      );
      const expected = apply(model, step, now);
      expect(result.refusal?.id).toBe(expected);
      ids.push(...result.events.filter(({ type }) => type === "approvals.proposed").map(({ data }) => data.proposalId as string));
      seen.add(expected ?? message.type);
      expect(ledgerView(chain, ids)).toEqual(modelView(model));
      await chain.checkInvariants();
    }
    await chain.checkReplay();
    for (const state of ledgerView(chain, ids).states) seen.add(state);
  };
  // The history of an issuer has an end, which is a story of its own.
  const operations = fc
    .array(operation, { minLength: 1, maxLength: 150, size: "max" })
    .filter((steps) => steps.filter(({ kind }) => kind === "register").length < 14);
  await fc.assert(fc.asyncProperty(operations, run), modelRuns(8, 7));

  const messages = approvalsModule.messages.map(({ type }) => type);
  expect([...seen].filter((what) => messages.includes(what)).toSorted()).toEqual(messages.toSorted());
  expect(["open", "executed", "declined", "withdrawn", "expired"].filter((state) => !seen.has(state))).toEqual([]);
  const refusals = ["NotAsked", "NotProposer", "Ended", "AlreadyApproved", "AlreadyDeclined", "ProposerLapsed", "BadWindow"];
  expect(refusals.filter((name) => !seen.has(`approvals/${name}`))).toEqual([]);
});
