import fc from "fast-check";
import { expect, it } from "vitest";
import { portableCrypto } from "../../crypto/portable.ts";
import { foundingVersion, testAccount, testAuthority } from "../../testing/actors.ts";
import { createTestChain, type TestChain, testKey } from "../../testing/chain.ts";
import { modelRuns, modelTimeout } from "../../testing/model-runs.ts";
import { recoveryIdOf } from "./account-id.ts";
import {
  apply,
  createModel,
  DELAY_MS,
  type Model,
  modelHasRole,
  modelIsDelegate,
  names,
  type Operation,
  operation,
  organisations,
  passTime,
  roles,
  scopes,
  signingKey,
} from "./accounts.model.ts";
import { accountsModule, hasRole, isDelegate } from "./index.ts";
import { accounts, recoveries } from "./state.ts";

const isOrganisation = (name: string) => (organisations as readonly string[]).includes(name);
const cast = new Map(names.map((name) => [name as string, testAccount(name, { kind: isOrganisation(name) ? "organisation" : "person" })]));
const idOf = (name: string) => cast.get(name)!.account;

/** The operation as a message, at the block time at which it executes. */
function messageOf(step: Operation, time: number) {
  const account = idOf(step.target);
  const type = `accounts.${step.kind}`;
  switch (step.kind) {
    case "create":
      return cast.get(step.target)!.create;
    case "rotateKeys":
    case "startRecovery":
      return { type, value: { account, ...testAuthority(step.key) } };
    case "approveRecovery":
      return { type, value: { account, recoveryId: recoveryIdOf({ account, ...testAuthority(step.key) }, portableCrypto) } };
    case "setGuardians":
      return { type, value: { account, guardians: step.guardians.map(idOf), threshold: step.threshold, delayMs: DELAY_MS } };
    case "setMember": {
      const until = step.forMs === undefined ? {} : { until: time + step.forMs };
      return { type, value: { organisation: account, member: idOf(step.member), roles: step.roles, ...until } };
    }
    case "removeMember":
      return { type, value: { organisation: account, member: idOf(step.member) } };
    case "delegate": {
      const terms = { scopes: [step.scope], until: time + step.forMs, ground: "chosen" };
      return { type, value: { owner: account, delegate: idOf(step.delegate), ...terms } };
    }
    case "endDelegation":
      return { type, value: { owner: account, delegate: idOf(step.delegate) } };
    default:
      return { type, value: { account } };
  }
}

/** Everything that the ledger says of an account, in the words of the model. */
function ledgerView(chain: TestChain, name: string, time: number) {
  const ctx = { state: chain.ledger.state, time };
  const account = accounts.get(chain.ledger, idOf(name));
  const { open = [], running } = recoveries.get(chain.ledger, idOf(name)) ?? {};
  return {
    key: account?.keys[0]?.publicKey,
    guardians: account?.guardianship?.guardians ?? [],
    recoveries: open.map(({ recoveryId, keys, guardians }) => [
      keys[0]!.publicKey,
      guardians.toSorted(),
      recoveryId === running?.recoveryId ? running.dueAt : undefined,
    ]),
    roles: names.map((member) => roles.filter((role) => hasRole(ctx, idOf(name), idOf(member), role))),
    delegates: names.map((to) => scopes.filter((scope) => isDelegate(ctx, { owner: idOf(name), delegate: idOf(to), scope }))),
  };
}

function modelView(model: Model, name: string, time: number): ReturnType<typeof ledgerView> {
  const account = model.accounts.get(name);
  const wantedBy = (key: string) => [...account!.wants].filter(([, wanted]) => wanted === key).map(([guardian]) => idOf(guardian));
  return {
    key: account && testKey(account.key).publicKey,
    guardians: account?.guardians.map(idOf) ?? [],
    recoveries: (account?.proposed ?? []).map((key) => [
      testKey(key).publicKey,
      wantedBy(key).toSorted(),
      account!.running?.key === key ? account!.running.dueAt : undefined,
    ]),
    roles: names.map((member) => roles.filter((role) => modelHasRole(model, name, member, role, time))),
    delegates: names.map((to) => scopes.filter((scope) => modelIsDelegate(model, name, to, scope, time))),
  };
}

it("answers every transaction as the model does, keeps its invariants, and replays to the same state", {
  timeout: modelTimeout(120_000),
}, async () => {
  const seen = new Set<string>();
  const run = async (operations: readonly Operation[]) => {
    const chain = await createTestChain({ version: { ...foundingVersion, modules: [accountsModule] } });
    const model = createModel();
    const sure = { stale: false, waitMs: 0 };
    const founding: Operation[] = names.slice(0, -1).map((name) => ({ ...sure, kind: "create", target: name, signers: [name] }));
    founding.push({ ...sure, kind: "setGuardians", target: "ann", guardians: ["bob", "carl", "dora"], threshold: 2, signers: ["ann"] });
    for (const step of [...founding, ...operations]) {
      chain.now += step.waitMs;
      const time = chain.now;
      passTime(model, time);
      const actors = step.signers.map((signer) => ({ account: idOf(signer), keys: [testKey(signingKey(model, signer, step.stale))] }));
      const expected = apply(model, step, time);
      const result = await chain.run(actors, messageOf(step, time));
      expect(result.refusal?.id).toBe(expected);
      seen.add(expected ?? `accounts.${step.kind}`);
      for (const name of names) expect(ledgerView(chain, name, time)).toEqual(modelView(model, name, time));
      await chain.checkInvariants();
    }
    await chain.checkReplay();
  };
  await fc.assert(fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 300, size: "max" }), run), modelRuns(5, 3));

  const messages = accountsModule.messages.map(({ type }) => type);
  expect([...seen].filter((what) => messages.includes(what)).toSorted()).toEqual(messages.toSorted());
  expect(seen.size).toBeGreaterThan(messages.length + 14);
});
