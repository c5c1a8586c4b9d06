import fc from "fast-check";
import { expect, it } from "vitest";
import { expectDone, foundingBy, foundingVersion, testAccount } from "../../testing/actors.ts";
import { createTestChain, type TestChain, testBytes } from "../../testing/chain.ts";
import { modelRuns, modelTimeout } from "../../testing/model-runs.ts";
import {
  apply,
  createModel,
  holders,
  issuers,
  type Model,
  modelIsQualified,
  modelIsValid,
  type Operation,
  operation,
  types,
} from "./credentials.model.ts";
import { credentialsModule, isValidAt, validCredential } from "./index.ts";

const hospital = testAccount("hospital", { kind: "organisation" });
const cast = new Map([...issuers, ...holders].map((name) => [name as string, testAccount(name)]));
const actor = (name: string) => cast.get(name)!;

function messageOf(step: Operation, now: number) {
  switch (step.kind) {
    case "issue": {
      const period = { validFrom: now + step.fromMs, validUntil: now + step.fromMs + step.forMs };
      const claims = { credentialType: step.type, claimsHash: testBytes("claims") };
      return {
        type: "credentials.issue",
        value: { credentialId: testBytes(step.name), holder: actor(step.holder).account, ...claims, ...period },
      };
    }
    case "suspend":
    case "revoke":
      return {
        type: `credentials.${step.kind}`,
        value: { credentialId: testBytes(step.name), from: now - step.agoMs, reasonCode: "safety" },
      };
    case "reinstate":
      return { type: "credentials.reinstate", value: { credentialId: testBytes(step.name) } };
    case "register": {
      const issuer = actor(step.issuer).account;
      if (step.types.length === 0) return { type: "governance.removeIssuer", value: { issuer } };
      return { type: "governance.registerIssuer", value: { issuer, credentialTypes: step.types } };
    }
  }
}

/** Which credentials and which holders the ledger finds valid at each of `times`. */
function ledgerView({ ledger }: TestChain, model: Model, times: readonly number[]) {
  return times.map((at) => ({
    valid: [...model.credentials.keys()].map((name) => isValidAt(ledger, testBytes(name), at)),
    qualified: holders.flatMap((holder) => types.map((type) => validCredential(ledger, actor(holder).account, type, at) !== undefined)),
  }));
}

function modelView(model: Model, times: readonly number[]): ReturnType<typeof ledgerView> {
  return times.map((at) => ({
    valid: [...model.credentials.keys()].map((name) => modelIsValid(model, name, at)),
    qualified: holders.flatMap((holder) => types.map((type) => modelIsQualified(model, { holder, type, at }))),
  }));
}

it("answers as the model does, for any time, keeps its invariants, and replays to the same state", {
  timeout: modelTimeout(120_000),
}, async () => {
  const seen = new Set<string>();
  const run = async (operations: readonly Operation[]) => {
    const chain = await createTestChain({ version: foundingVersion, modules: foundingBy(hospital) });
    await expectDone(chain.run([...cast.values()], ...[...cast.values()].map(({ create }) => create)));
    const model = createModel();
    const times: number[] = [];
    const founding: Operation = { kind: "register", issuer: "board", types, by: "board", waitMs: 0 };
    for (const step of [founding, ...operations]) {
      chain.now += step.waitMs;
      const now = chain.now;
      const expected = apply(model, step, now);
      const result = await chain.run(step.kind === "register" ? hospital : actor(step.by), messageOf(step, now));
      expect(result.refusal?.id).toBe(expected);
      seen.add(expected ?? `credentials.${step.kind}`);
      times.push(now - 1, now);
      const asked = [...times.filter((_, i) => i % 37 === 0), ...times.slice(-4), now + 1_800_000];
      expect(ledgerView(chain, model, asked)).toEqual(modelView(model, asked));
      await chain.checkInvariants();
    }
    await chain.checkReplay();
  };
  const operations = fc
    .array(operation, { minLength: 1, maxLength: 200, size: "max" })
    .filter((steps) => steps.filter(({ kind }) => kind === "register").length < 30);
  await fc.assert(fc.asyncProperty(operations, run), modelRuns(3, 3));

  const messages = credentialsModule.messages.map(({ type }) => type);
  expect([...seen].filter((what) => messages.includes(what)).toSorted()).toEqual(messages.toSorted());
  expect(seen.size).toBeGreaterThan(messages.length + 8);
});
