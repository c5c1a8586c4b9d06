import fc from "fast-check";
import { expect, it } from "vitest";
import { testBytes } from "../../testing/chain.ts";
import { modelRuns, modelTimeout } from "../../testing/model-runs.ts";
import type { Message } from "../../tx/transaction.ts";
import { pointHex, testScalar } from "../custody/testing/custodians.ts";
import { vaultModule } from "./index.ts";
import { copies, grants, log, objects, releases } from "./state.ts";
import {
  capsuleSecret,
  foundVaultTown,
  GENERAL,
  MENTAL,
  requestMessage,
  sealedObject,
  sealMessage,
  type VaultTown,
} from "./testing/scene.ts";
import {
  apply,
  createModel,
  founding,
  grantNames,
  type Model,
  names,
  type Operation,
  owners,
  type Person,
  type Step,
  step,
} from "./vault.model.ts";

const labels = [GENERAL, MENTAL];
/** Sealed and asked for before anything else happens, so that its blobs and points have served. */
const SPENT = "spent";
const objectIds = new Map([...names, SPENT].map((name) => [name, testBytes(`object ${name}`)]));
const grantIds = new Map(grantNames.map((name) => [name as string, testBytes(`grant ${name}`)]));
const objectId = (name: string) => objectIds.get(name)!;
const grantId = (name: string) => grantIds.get(name)!;

/** The operation as a message at the next block's time; `at` makes what must be fresh fresh. */
function messageOf(town: VaultTown, operation: Operation, at: number): Message {
  const { chain } = town;
  switch (operation.kind) {
    case "seal": {
      const { owner, name, compartment, fault } = operation;
      const object = sealedObject(town[owner], name, labels[compartment]);
      const spoilt = {
        ...(fault === "blob" && { ciphertext: testBytes(`ciphertext ${SPENT}`) }),
        ...(fault === "point" && { capsulePoint: pointHex(capsuleSecret(SPENT)) }),
        ...(fault === "proof" && { capsuleProof: "33".repeat(64) }),
      };
      return sealMessage({ ...object, ...spoilt });
    }
    case "grant": {
      const { owner, id, purposes, startsInMs, lastsMs, reads, licensed } = operation;
      const from = chain.now + startsInMs;
      const optional = { ...(reads !== undefined && { reads }), ...(licensed && { credentialType: "practitioner-licence" }) };
      const terms = { owner: town[owner].account, purposes, from, until: from + lastsMs, ...optional };
      return {
        type: "vault.grant",
        value: { grantId: grantId(id), ...terms, grantee: granteeOf(town, operation), covers: coversOf(operation) },
      };
    }
    case "revoke":
      return { type: "vault.revoke", value: { grantId: grantId(operation.id) } };
    case "request": {
      const { by, purpose, id, fault } = operation;
      const objectIds = operation.names.map(objectId);
      const secrets = objectIds.map((_, i) => testScalar(fault === "point" ? `spent ${i}` : `fresh ${at} ${i}`));
      const request = requestMessage(chain, town[by], { objectIds, nonce: "", purpose, secrets, ...(id && { grantId: grantId(id) }) });
      return fault === "proof" ? { ...request, value: { ...request.value, proof: "33".repeat(64) } } : request;
    }
    case "rewrap": {
      const blob = (i: number) => testBytes(operation.fault === "blob" ? `ciphertext ${SPENT}` : `capsule ${at} ${i}`);
      const rewrapped = operation.names.map((name, i) => ({ objectId: objectId(name), ownerCapsule: blob(i) }));
      return { type: "vault.rewrap", value: { objects: rewrapped } };
    }
    default: {
      const type = { erase: "vault.erase", destroy: "vault.attestDestruction", delete: "vault.attestDeletion" }[operation.kind];
      return { type, value: { objectIds: operation.names.map(objectId) } };
    }
  }
}

function granteeOf({ hospital, ...town }: VaultTown, { grantee }: Operation & { kind: "grant" }) {
  if (grantee.kind === "person") return { kind: "person", account: { hospital, ...town }[grantee.who].account };
  if (grantee.kind === "organisation") return { kind: "organisation", account: hospital.account };
  return { kind: "role", organisation: hospital.account, role: grantee.role };
}

function coversOf({ covers }: Operation & { kind: "grant" }) {
  if (covers.kind === "compartments") return { kind: "compartments", labels: [labels[covers.label]!] };
  return covers.kind === "objects" ? { kind: "objects", ids: covers.names.map(objectId) } : covers;
}

const readers: readonly Person[] = ["clinician", "nurse", "daughter", "stranger", "patient"];

/** Everything that the ledger says, in the words of the model; without what stood there at the beginning. */
function ledgerView(town: VaultTown) {
  const ctx = town.chain.ledger.read();
  const nameOf = (account: string) => readers.find((who) => town[who].account === account);
  return {
    erased: names.map((name) => objects.get(ctx, objectId(name))?.erasedAt !== undefined),
    owners: names.map((name) => objects.get(ctx, objectId(name))?.owner),
    readsLeft: grantNames.map((id) => grants.get(ctx, grantId(id))?.readsLeft),
    revoked: grantNames.map((id) => grants.get(ctx, grantId(id))?.revokedAt !== undefined),
    log: owners.map((owner) =>
      log
        .newestFirst(ctx, town[owner].account, { limit: 1_000 })
        .map(({ value }) => releases.get(ctx, value.releaseId)!)
        .filter(({ objects: asked }) => asked[0]!.objectId !== objectId(SPENT))
        .map(({ reader, outcome }) => `${nameOf(reader)} ${outcome.kind === "refused" ? outcome.reason : outcome.under}`)
        .reverse(),
    ),
    copies: names.map((name) =>
      readers.filter(
        (who) =>
          copies.get(ctx, objectId(name), town[who].account)?.destroyedAt === undefined &&
          copies.has(ctx, objectId(name), town[who].account),
      ),
    ),
  };
}

function modelView(town: VaultTown, model: Model): ReturnType<typeof ledgerView> {
  const used = (id: string) => model.grants.get(id);
  return {
    erased: names.map((name) => model.objects.get(name)?.erased ?? false),
    owners: names.map((name) => (model.objects.has(name) ? town[model.objects.get(name)!.owner].account : undefined)),
    readsLeft: grantNames.map((id) => (used(id)?.reads === undefined ? undefined : used(id)!.reads! - used(id)!.used)),
    revoked: grantNames.map((id) => used(id)?.revoked ?? false),
    log: owners.map((owner) => model.log.get(owner)!),
    copies: names.map((name) => readers.filter((who) => model.copies.get(`${name} ${who}`) === true)),
  };
}

it("answers every message as the model does, keeps its invariants, and replays to the same state", {
  timeout: modelTimeout(120_000),
}, async () => {
  const seen = new Set<string>();
  const run = async (steps: readonly Step[]) => {
    const town = await foundVaultTown();
    const { chain, stranger } = town;
    await chain.run(stranger, sealMessage(sealedObject(stranger, SPENT)));
    for (const secret of ["spent 0", "spent 1"]) {
      const spent = { objectIds: [objectId(SPENT)], nonce: "", secrets: [testScalar(secret)] };
      await chain.run(stranger, requestMessage(chain, stranger, spent));
    }
    const model = createModel();
    const first = founding.map((operation) => ({ operation, waitMs: 0 }));
    for (const [at, { operation, waitMs }] of [...first, ...steps].entries()) {
      chain.now += waitMs;
      const message = messageOf(town, operation, at);
      const expected = apply(model, operation, chain.now);
      const { refusal, events } = await chain.run(town[operation.by], message);
      expect(refusal?.id ?? events[0]!.type, JSON.stringify(operation)).toBe(expected);
      seen.add(expected);
      expect(ledgerView(town)).toEqual(modelView(town, model));
      await chain.checkInvariants();
    }
    for (const entry of [...model.log.values()].flat()) seen.add(entry.split(" ")[1]!);
    await chain.checkReplay();
  };
  const steps = fc.array(step, { minLength: 1, maxLength: 200, size: "max" });
  await fc.assert(fc.asyncProperty(steps, run), modelRuns(4, 3));

  const wanted = vaultModule.events.map(({ type }) => type);
  expect(wanted.filter((what) => !seen.has(what))).toEqual([]);
  expect([...seen].filter((what) => what.startsWith("vault/")).length, "kinds of refusals").toBeGreaterThanOrEqual(15);
  expect([...seen].filter((what) => /^[A-Z]/.test(what)).length, "kinds of refused reads").toBeGreaterThanOrEqual(8);
});
