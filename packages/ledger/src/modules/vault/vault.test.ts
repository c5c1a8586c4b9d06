import { beforeAll, describe, expect, it } from "vitest";
import { scalarField } from "../../crypto/group.ts";
import { portableCrypto as crypto } from "../../crypto/portable.ts";
import { expectDone, foundTown, type TestAccount } from "../../testing/actors.ts";
import { type TestActor, testBytes } from "../../testing/chain.ts";
import { refusalOf } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import { pointHex } from "../custody/testing/custodians.ts";
import { policyHash } from "./index.ts";
import type { SealedObject } from "./schema.ts";
import {
  capsuleSecret,
  foundVaultTown,
  GENERAL,
  grantMessage,
  HOUR_MS,
  MENTAL,
  requestMessage,
  requestSecret,
  sealedObject,
  sealMessage,
  type VaultTown,
  vaultVersion,
} from "./testing/scene.ts";

type Who = (town: VaultTown) => TestAccount;
/** A case: what it is refused for, who sends, what. */
type Row = readonly [name: string, refusal: string | undefined, who: Who, what: (town: VaultTown) => Message];

/** Declares a dry run for each row, on one town in which `prepare` happened. */
function table(rows: readonly Row[], prepare: (town: VaultTown) => Promise<unknown> = async () => {}): void {
  let town: VaultTown;
  beforeAll(async () => {
    town = await foundVaultTown();
    await sealSome(town);
    await prepare(town);
  });
  it.each(rows)("%s: %s", (_, refusal, who, what) => {
    const expected = refusal === undefined || refusal.includes("/") ? refusal : `vault/${refusal}`;
    expect(refusalOf(town.chain, [who(town)], [what(town)])).toBe(expected);
  });
}

/** The patient has sealed "one" and "two", the neighbour "other". */
async function sealSome({ chain, patient, neighbour }: VaultTown): Promise<void> {
  await expectDone(chain.run(patient, sealMessage(sealedObject(patient, "one"), sealedObject(patient, "two", MENTAL))));
  await expectDone(chain.run(neighbour, sealMessage(sealedObject(neighbour, "other"))));
}

const patient: Who = (town) => town.patient;
const neighbour: Who = (town) => town.neighbour;
const daughter: Who = (town) => town.daughter;
const clinician: Who = (town) => town.clinician;
const stranger: Who = (town) => town.stranger;
const hospital: Who = (town) => town.hospital;
const objectId = (name: string) => testBytes(`object ${name}`);
const grantId = testBytes("grant");
const message = (type: string, value: object): Message => ({ type: `vault.${type}`, value });

describe("vault.seal", () => {
  const changed = (changes: Partial<SealedObject>) => (town: VaultTown) =>
    sealMessage({ ...sealedObject(town.patient, "new"), ...changes });
  table([
    ["an own object", undefined, patient, changed({})],
    ["several", undefined, patient, (town) => sealMessage(sealedObject(town.patient, "new"), sealedObject(town.patient, "newer"))],
    ["for somebody else", "NotOwner", clinician, changed({})],
    ["an id again", "ObjectExists", patient, changed({ objectId: objectId("one") })],
    ["another's ciphertext, to take it along in an erasure", "BlobReused", patient, changed({ ciphertext: testBytes("ciphertext other") })],
    ["another's owner capsule", "BlobReused", patient, changed({ ownerCapsule: testBytes("owner capsule other") })],
    ["another's collective capsule", "BlobReused", patient, changed({ collectiveCapsule: testBytes("collective capsule other") })],
    ["one blob twice", "BlobReused", patient, changed({ ownerCapsule: testBytes("ciphertext new") })],
    ["a capsule moved to another object", "UnprovenCapsule", patient, changed({ objectId: objectId("moved") })],
    ["a capsule moved to another policy", "UnprovenCapsule", patient, changed({ policy: { compartment: MENTAL, release: "grants" } })],
    [
      "a capsule moved to another owner",
      "UnprovenCapsule",
      neighbour,
      (town) => sealMessage({ ...sealedObject(town.patient, "new"), owner: town.neighbour.account }),
    ],
    ["a point again", "PointReused", patient, changed({ capsulePoint: pointHex(capsuleSecret("other")) })],
    ["a forged proof", "UnprovenCapsule", patient, changed({ capsuleProof: "11".repeat(64) })],
    ["a proof of zeros", "UnprovenCapsule", patient, changed({ capsuleProof: "00".repeat(64) })],
    ["the identity as U", "UnprovenCapsule", patient, changed({ capsulePoint: "00".repeat(32) })],
    ["what is no point as U", "UnprovenCapsule", patient, changed({ capsulePoint: "ff".repeat(32) })],
  ]);

  it("waits for the collective key", async () => {
    const town = await foundTown({ version: vaultVersion });
    expect(refusalOf(town.chain, [town.patient], [sealMessage(sealedObject(town.patient, "new"))])).toBe("vault/NoCollectiveKey");
  });

  it("needs storage receipts for the three blobs of every object", async () => {
    const { chain, patient } = await foundVaultTown();
    const one = sealedObject(patient, "one");
    const kind = chain.ledger.version.messages.get("vault.seal")!;
    expect(kind.blobs(sealMessage(one).value as never)).toEqual([one.ciphertext, one.ownerCapsule, one.collectiveCapsule]);
  });

  it("hashes a policy by all of it", () => {
    expect(policyHash({ compartment: GENERAL, release: "grants" }, crypto)).not.toBe(
      policyHash({ compartment: MENTAL, release: "grants" }, crypto),
    );
  });
});

describe("vault.grant", () => {
  const to = (account: string) => ({ grantee: { kind: "person", account } });
  const grant =
    (changes: object = {}) =>
    (town: VaultTown) =>
      grantMessage(town.chain, town.patient, grantId, { ...to(town.clinician.account), ...changes });
  const covering = (...names: readonly string[]) => grant({ covers: { kind: "objects", ids: names.map(objectId) } });
  table([
    ["by the owner", undefined, patient, grant()],
    ["by a delegate who may", undefined, daughter, grant()],
    ["by the reader", "NotOwner", clinician, grant()],
    ["for nobody", "accounts/UnknownAccount", patient, grant({ owner: testBytes("nobody") })],
    ["of own objects", undefined, patient, covering("one", "two")],
    ["of an unknown object", "UnknownObject", patient, covering("one", "none")],
    ["of another's object", "ForeignObject", patient, covering("one", "other")],
    ["that ends as it begins", "EmptyPeriod", patient, (town) => grant({ from: town.chain.now + 9, until: town.chain.now + 9 })(town)],
    ["that has ended", "EmptyPeriod", patient, (town) => grant({ from: 0, until: town.chain.ledger.time })(town)],
  ]);
  it.each([
    [4, undefined],
    [5, "vault/OutlivesDelegation"],
  ])("by a delegate for longer than the delegation, under version %i", async (number, refusal) => {
    const { chain, patient, stranger, clinician } = await foundVaultTown({ version: { ...vaultVersion, number } });
    const until = chain.now + HOUR_MS;
    const delegation = { owner: patient.account, delegate: stranger.account, scopes: ["vault.grant"], until, ground: "chosen" };
    await expectDone(chain.run(patient, { type: "accounts.delegate", value: delegation }));
    const give = (by: TestActor, name: string, end: number) =>
      chain.run(by, grantMessage(chain, patient, testBytes(name), { ...to(clinician.account), until: end }));
    expect((await give(stranger, "longer", until + 1)).refusal?.id).toBe(refusal);
    await expectDone(give(stranger, "as long", until));
    await expectDone(give(patient, "own", until + 1));
  });
  table([["with an id again", "GrantExists", patient, grant()]], (town) => expectDone(town.chain.run(town.patient, grant()(town))));
});

describe("vault.revoke", () => {
  const revoke = (id = grantId) => message("revoke", { grantId: id });
  const granted = ({ chain, patient, clinician }: VaultTown) =>
    expectDone(chain.run(patient, grantMessage(chain, patient, grantId, { grantee: { kind: "person", account: clinician.account } })));
  table(
    [
      ["by the owner", undefined, patient, () => revoke()],
      ["by a delegate who may", undefined, daughter, () => revoke()],
      ["by the reader", "NotOwner", clinician, () => revoke()],
      ["of no grant", "UnknownGrant", patient, () => revoke(testBytes("none"))],
    ],
    granted,
  );
  table([["twice", "AlreadyRevoked", patient, () => revoke()]], async (town) => {
    await granted(town);
    await expectDone(town.chain.run(town.patient, revoke()));
  });
});

describe("vault.request, as a transaction", () => {
  const request = (names: readonly string[], nonce = "first", changes: object = {}) => ({
    by: (who: Who) => (town: VaultTown) => {
      const asked = requestMessage(town.chain, who(town), { objectIds: names.map(objectId), nonce });
      return { ...asked, value: { ...asked.value, ...changes } };
    },
  });
  const objects = (...pairs: readonly (readonly [name: string, secret: bigint])[]) => ({
    objects: pairs.map(([name, secret]) => ({ objectId: objectId(name), requestPoint: pointHex(secret) })),
  });
  table(
    [
      ["of anybody for what is there", undefined, stranger, request(["one", "two"]).by(stranger)],
      ["for an unknown object", "UnknownObject", stranger, request(["one", "none"]).by(stranger)],
      ["for one object twice", "RepeatedObject", stranger, request(["one", "one"]).by(stranger)],
      ["for objects of two owners", "SeveralOwners", stranger, request(["one", "other"]).by(stranger)],
      ["with the R of an earlier request", "PointReused", clinician, request(["one"], "used").by(clinician)],
      ["with the R that another reader used", "PointReused", stranger, request(["one"], "used").by(stranger)],
      ["with one R for two objects", "PointReused", stranger, request(["one", "two"], "", objects(["one", 5n], ["two", 5n])).by(stranger)],
      ["with the proof of another reader", "UnprovenRequest", stranger, request(["one"]).by(clinician)],
      ["with a forged proof", "UnprovenRequest", stranger, request(["two"], "", { proof: "22".repeat(64) }).by(stranger)],
      [
        "with the proof for another object",
        "UnprovenRequest",
        stranger,
        request(["two"], "", objects(["one", requestSecret(objectId("two"), "")])).by(stranger),
      ],
      ["with an R that it does not know", "UnprovenRequest", stranger, request(["one"], "", objects(["one", 5n])).by(stranger)],
      [
        "with the identity as R",
        "UnprovenRequest",
        stranger,
        request(["one"], "", { objects: [{ objectId: objectId("one"), requestPoint: "00".repeat(32) }] }).by(stranger),
      ],
    ],
    ({ chain, clinician }) =>
      expectDone(chain.run(clinician, requestMessage(chain, clinician, { objectIds: [objectId("one")], nonce: "used" }))),
  );

  it.each([
    ["alone", ["one"]],
    ["before another", ["one", "two"]],
    ["behind another", ["two", "one"]],
  ])("refuses an R that cancels U, which leaves custodians nothing to multiply, %s", async (_, names) => {
    const town = await foundVaultTown();
    await sealSome(town);
    const { chain, patient } = town;
    const secrets = names.map((name) => (name === "one" ? scalarField.neg(capsuleSecret("one")) : 5n));
    const asked = requestMessage(chain, patient, { objectIds: names.map(objectId), nonce: "", secrets });
    expect(refusalOf(chain, [patient], [asked])).toBe("vault/UnprovenRequest");
  });
});

describe("vault.erase, vault.attestDestruction, vault.attestDeletion and vault.rewrap", () => {
  const erase = (...names: readonly string[]) => message("erase", { objectIds: names.map(objectId) });
  const destroyed = (...names: readonly string[]) => message("attestDestruction", { objectIds: names.map(objectId) });
  const deleted = (...names: readonly string[]) => message("attestDeletion", { objectIds: names.map(objectId) });
  const rewrap = (...pairs: readonly (readonly [name: string, blob: string])[]) =>
    message("rewrap", { objects: pairs.map(([name, blob]) => ({ objectId: objectId(name), ownerCapsule: testBytes(blob) })) });
  const read = ({ chain, daughter }: VaultTown) =>
    expectDone(chain.run(daughter, requestMessage(chain, daughter, { objectIds: [objectId("one"), objectId("two")], nonce: "read" })));
  table(
    [
      ["erases own objects", undefined, patient, () => erase("one", "two")],
      ["erases as a delegate", undefined, daughter, () => erase("one")],
      ["erases another's object", "NotOwner", stranger, () => erase("one")],
      ["erases nothing", "UnknownObject", patient, () => erase("none")],
      ["erases own and another's", "SeveralOwners", patient, () => erase("one", "other")],
      ["erases twice in a message", "ObjectErased", patient, () => erase("one", "one")],
      ["states a destruction before it is asked for", undefined, daughter, () => destroyed("one")],
      ["states a destruction without a copy", "NoCopy", stranger, () => destroyed("one")],
      ["states a destruction twice", "NoCopy", daughter, () => destroyed("one", "one")],
      ["states a deletion of what is not erased", "NotErased", hospital, () => deleted("one")],
      ["rewraps own objects", undefined, patient, () => rewrap(["one", "new 1"], ["two", "new 2"])],
      ["rewraps another's object", "NotOwner", daughter, () => rewrap(["one", "new 1"])],
      ["rewraps with a used blob", "BlobReused", patient, () => rewrap(["one", "owner capsule other"])],
      ["rewraps two objects with one blob", "BlobReused", patient, () => rewrap(["one", "new 1"], ["two", "new 1"])],
      ["rewraps an unknown object", "UnknownObject", patient, () => rewrap(["none", "new 1"])],
    ],
    read,
  );
  table(
    [
      ["erases again", "ObjectErased", patient, () => erase("one")],
      ["rewraps what is erased", "ObjectErased", patient, () => rewrap(["one", "new 1"])],
      [
        "seals under the id of what is erased",
        "ObjectExists",
        patient,
        (town) => sealMessage({ ...sealedObject(town.patient, "new"), objectId: objectId("one") }),
      ],
      ["states a deletion as a member", undefined, hospital, () => deleted("one")],
      ["states a deletion as somebody else", "NotMember", clinician, () => deleted("one")],
      ["states a deletion of nothing", "UnknownObject", hospital, () => deleted("none")],
      ["states a deletion twice", "AlreadyStated", hospital, () => deleted("two")],
      ["states a destruction when it is due", undefined, daughter, () => destroyed("one", "two")],
    ],
    async (town) => {
      await read(town);
      await expectDone(town.chain.run(town.patient, erase("one", "two")));
      await expectDone(town.chain.run(town.hospital, deleted("two")));
    },
  );
});
