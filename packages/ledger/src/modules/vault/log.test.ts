import { beforeAll, describe, expect, it } from "vitest";
import { expectDone, LICENCE_ID, type TestAccount, testAuthority } from "../../testing/actors.ts";
import { testBytes, testKey } from "../../testing/chain.ts";
import { refusalOf } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import { mayFetch, objectOfBlob } from "./index.ts";
import type { Outcome } from "./schema.ts";
import { grants, objects } from "./state.ts";
import {
  ask,
  foundVaultTown,
  GENERAL,
  grantMessage,
  HOUR_MS,
  MENTAL,
  releaseOf,
  requestMessage,
  sealedObject,
  sealMessage,
  type VaultTown,
} from "./testing/scene.ts";

type Who = (town: VaultTown) => TestAccount;
type Answer = "owner" | "delegation" | "grant" | (Outcome & { kind: "refused" })["reason"];
/** What the log says to a request, who asks, what stands in the grant, what in the request, and what happens in between. */
interface Case {
  readonly by: Who;
  readonly grant?: (town: VaultTown) => object;
  readonly request?: object;
  readonly names?: readonly string[];
  readonly between?: (town: VaultTown, grantId: string) => Promise<unknown>;
}

const objectId = (name: string) => testBytes(`object ${name}`);
const patient: Who = (town) => town.patient;
const clinician: Who = (town) => town.clinician;
const nurse: Who = (town) => town.nurse;
const stranger: Who = (town) => town.stranger;
const daughter: Who = (town) => town.daughter;
const hospital: Who = (town) => town.hospital;
const message = (type: string, value: object): Message => ({ type: `vault.${type}`, value });
const person =
  (who: Who, changes: object = {}) =>
  (town: VaultTown) => ({ grantee: { kind: "person", account: who(town).account }, ...changes });
const staff =
  (changes: object = {}) =>
  (town: VaultTown) => ({ grantee: { kind: "organisation", account: town.hospital.account }, ...changes });
const role =
  (name: string, changes: object = {}) =>
  (town: VaultTown) => ({ grantee: { kind: "role", organisation: town.hospital.account, role: name }, ...changes });
const toClinician = (changes: object) => person(clinician, changes);
const later = (town: VaultTown) => toClinician({ from: town.chain.now + HOUR_MS, until: town.chain.now + 2 * HOUR_MS })(town);
const revoke = ({ chain, patient }: VaultTown, grantId: string) => expectDone(chain.run(patient, message("revoke", { grantId })));
const wait = ({ chain }: VaultTown) => chain.advance(2 * HOUR_MS);
/** The next block stands at the grant's first or last moment. */
const at = (edge: "from" | "until") => async (town: VaultTown, grantId: string) => {
  town.chain.now = grants.get(town.chain.ledger.read(), grantId)![edge];
};
const readOnce = ({ chain, clinician }: VaultTown, grantId: string) =>
  expectDone(chain.run(clinician, requestMessage(chain, clinician, { objectIds: [objectId("one")], nonce: `once ${grantId}`, grantId })));
const licence = { credentialType: "practitioner-licence" };
const suspend = ({ chain, board }: VaultTown) =>
  expectDone(chain.run(board, { type: "credentials.suspend", value: { credentialId: LICENCE_ID, from: 0, reasonCode: "safety" } }));
const endLicence = ({ chain, board }: VaultTown) =>
  expectDone(chain.run(board, { type: "credentials.revoke", value: { credentialId: LICENCE_ID, from: 0, reasonCode: "safety" } }));
const leave = ({ chain, hospital, nurse }: VaultTown) =>
  expectDone(chain.run(hospital, { type: "accounts.removeMember", value: { organisation: hospital.account, member: nurse.account } }));

/** The patient's "one" and "two" are general, "private" is of another compartment, "gone" is erased. */
async function sealSome({ chain, patient }: VaultTown): Promise<void> {
  const sealed = [
    sealedObject(patient, "one"),
    sealedObject(patient, "two"),
    sealedObject(patient, "private", MENTAL),
    sealedObject(patient, "gone"),
  ];
  await expectDone(chain.run(patient, sealMessage(...sealed), message("erase", { objectIds: [objectId("gone")] })));
}

const cases: readonly (readonly [name: string, answer: Answer, Case])[] = [
  ["the owner", "owner", { by: patient }],
  ["the owner, for what is erased", "ObjectErased", { by: patient, names: ["one", "gone"] }],
  ["a delegate who may read", "delegation", { by: daughter }],
  ["a delegate by a grant", "grant", { by: daughter, grant: person(daughter) }],
  ["a stranger without a grant", "NoGrant", { by: stranger }],
  ["a grant that is not there", "NoGrant", { by: clinician, request: { grantId: testBytes("none") } }],
  ["another person's grant", "NoGrant", { by: stranger, grant: person(clinician) }],
  ["the person with the grant", "grant", { by: clinician, grant: person(clinician) }],
  ["staff of the organisation", "grant", { by: nurse, grant: staff() }],
  ["the organisation itself", "grant", { by: hospital, grant: staff() }],
  ["somebody else for the organisation", "NotMember", { by: stranger, grant: staff() }],
  ["the role", "grant", { by: clinician, grant: role("clinician") }],
  ["another role of the organisation", "NotMember", { by: nurse, grant: role("clinician") }],
  ["a revoked grant", "GrantRevoked", { by: clinician, grant: person(clinician), between: revoke }],
  ["a grant that begins later", "GrantNotYet", { by: clinician, grant: toClinician({ from: 2e12, until: 3e12 }) }],
  ["a grant that has ended", "GrantExpired", { by: clinician, grant: person(clinician), between: wait }],
  ["a grant in its first moment", "grant", { by: clinician, grant: later, between: at("from") }],
  ["a grant at its end, which is outside", "GrantExpired", { by: clinician, grant: person(clinician), between: at("until") }],
  ["a grant with a read left", "grant", { by: clinician, grant: toClinician({ reads: 2 }), between: readOnce }],
  ["a grant without reads left", "GrantExhausted", { by: clinician, grant: toClinician({ reads: 1 }), between: readOnce }],
  ["another purpose", "WrongPurpose", { by: clinician, grant: person(clinician), request: { purpose: "HRESCH" } }],
  [
    "one of several purposes",
    "grant",
    { by: clinician, grant: toClinician({ purposes: ["TREAT", "HRESCH"] }), request: { purpose: "HRESCH" } },
  ],
  [
    "its compartment",
    "grant",
    { by: clinician, grant: toClinician({ covers: { kind: "compartments", labels: [GENERAL] } }), names: ["one", "two"] },
  ],
  [
    "another compartment among the objects",
    "WrongCompartment",
    { by: clinician, grant: toClinician({ covers: { kind: "compartments", labels: [GENERAL] } }), names: ["one", "private"] },
  ],
  ["its objects", "grant", { by: clinician, grant: toClinician({ covers: { kind: "objects", ids: [objectId("one"), objectId("two")] } }) }],
  [
    "another object",
    "WrongCompartment",
    { by: clinician, grant: toClinician({ covers: { kind: "objects", ids: [objectId("one")] } }), names: ["two"] },
  ],
  ["an erased object", "ObjectErased", { by: clinician, grant: person(clinician), names: ["gone"] }],
  ["the credential asked for", "grant", { by: clinician, grant: toClinician(licence) }],
  ["no credential", "CredentialMissing", { by: nurse, grant: person(nurse, licence) }],
  ["a credential of another type", "CredentialMissing", { by: clinician, grant: toClinician({ credentialType: "specialty" }) }],
  ["a suspended credential", "CredentialSuspended", { by: clinician, grant: toClinician(licence), between: suspend }],
  ["a revoked credential", "CredentialNotValid", { by: clinician, grant: toClinician(licence), between: endLicence }],
  ["who has left the organisation", "NotMember", { by: nurse, grant: staff(), between: leave }],
];

describe("vault.request, as a decision that is logged", () => {
  let town: VaultTown;
  beforeAll(async () => {
    town = await foundVaultTown();
    await sealSome(town);
  });
  it.each(cases)("%s: %s", async (name, answer, { by, grant, request, names = ["one"], between }) => {
    const { chain, patient } = town;
    const grantId = testBytes(`grant ${name}`);
    if (grant) await expectDone(chain.run(patient, grantMessage(chain, patient, grantId, grant(town))));
    await between?.(town, grantId);
    const given = { objectIds: names.map(objectId), nonce: name, ...(grant && { grantId }), ...request };
    const { release } = releaseOf(chain, await expectDone(chain.run(by(town), requestMessage(chain, by(town), given))));
    const isReleased = answer === "owner" || answer === "delegation" || answer === "grant";
    expect(release.outcome).toEqual(isReleased ? { kind: "released", under: answer } : { kind: "refused", reason: answer });
    expect(release).toMatchObject({
      reader: by(town).account,
      owner: patient.account,
      at: chain.ledger.time,
      height: chain.ledger.height,
      epoch: 1,
    });
    await chain.checkInvariants();
  });
});

describe("the log", () => {
  const read = ({ chain }: VaultTown, reader: TestAccount, nonce: string, names = ["one"], grantId?: string) =>
    chain.run(reader, requestMessage(chain, reader, { objectIds: names.map(objectId), nonce, ...(grantId && { grantId }) }));

  it("counts a revocation from the next transaction on, also within a block", async () => {
    const town = await foundVaultTown();
    await sealSome(town);
    const { chain, patient, clinician } = town;
    const grantId = testBytes("grant");
    await expectDone(chain.run(patient, grantMessage(chain, patient, grantId, person(() => clinician)(town))));
    const ask = (nonce: string) =>
      chain.sign([clinician], [requestMessage(chain, clinician, { objectIds: [objectId("one")], nonce, grantId })]);
    const { txResults } = await chain.block(ask("before"), chain.sign([patient], [message("revoke", { grantId })]), ask("after"));
    expect(txResults.map(({ events }) => events[0]?.type)).toEqual(["vault.released", "vault.revoked", "vault.refused"]);
  });

  it("counts a read per release, none for a refusal, and is numbered without gaps", async () => {
    const town = await foundVaultTown();
    await sealSome(town);
    const { chain, patient, clinician, stranger } = town;
    const grantId = testBytes("grant");
    await expectDone(chain.run(patient, grantMessage(chain, patient, grantId, { ...person(() => clinician)(town), reads: 2 })));
    for (const nonce of ["a", "b", "c"]) await expectDone(read(town, clinician, nonce, ["one", "two"], grantId));
    await expectDone(read(town, stranger, "d"));
    expect(grants.get(chain.ledger.read(), grantId)).toMatchObject({ reads: 2, readsLeft: 0 });

    const page = (options: object) =>
      ask<{ total: number; releases: { number: number; outcome: Outcome }[] }>(chain, "vault.releasesOf", {
        owner: patient.account,
        ...options,
      });
    expect(page({ limit: 2 }).releases.map(({ number }) => number)).toEqual([3, 2]);
    expect(page({ limit: 9, before: 2 }).releases.map(({ number }) => number)).toEqual([1, 0]);
    const { total, releases } = page({ limit: 9 });
    expect(total).toBe(4);
    expect(releases.map(({ outcome }) => (outcome.kind === "refused" ? outcome.reason : outcome.kind))).toEqual([
      "NoGrant",
      "GrantExhausted",
      "released",
      "released",
    ]);
    expect(ask<{ total: number }>(chain, "vault.grantsOf", { owner: patient.account, limit: 9 })).toMatchObject({
      total: 1,
      grants: [{ grantId, readsLeft: 0 }],
    });
    await chain.checkReplay();
  });

  it("uses up R also when it refuses", async () => {
    const town = await foundVaultTown();
    await sealSome(town);
    await expectDone(read(town, town.stranger, "a"));
    const again = requestMessage(town.chain, town.stranger, { objectIds: [objectId("one")], nonce: "a" });
    expect(refusalOf(town.chain, [town.stranger], [again])).toBe("vault/PointReused");
  });

  it("lets the owner back in after a loss: new keys, a release, new capsules", async () => {
    const town = await foundVaultTown();
    await sealSome(town);
    const { chain, patient } = town;
    await expectDone(
      chain.run(patient, { type: "accounts.rotateKeys", value: { account: patient.account, ...testAuthority("found again") } }),
    );
    const found = { ...patient, keys: [testKey("found again")] };
    expect((await read(town, patient, "old keys")).refusal?.id).toBe("tx/Unauthorised");
    expect(releaseOf(chain, await read(town, found, "a")).release.outcome).toEqual({ kind: "released", under: "owner" });

    const ownerCapsule = testBytes("rewrapped");
    await expectDone(chain.run(found, message("rewrap", { objects: [{ objectId: objectId("one"), ownerCapsule }] })));
    const ctx = chain.ledger.read();
    expect(objects.get(ctx, objectId("one"))!.ownerCapsule).toBe(ownerCapsule);
    expect(objectOfBlob(ctx, ownerCapsule)).toBe(objectId("one"));
    expect(ask<{ total: number }>(chain, "vault.copies", { objectId: objectId("one"), limit: 9 }).total).toBe(0);
  });
});

describe("blobs and copies", () => {
  const accounts = ["patient", "daughter", "clinician", "stranger"] as const;
  const fetchers = (town: VaultTown) => accounts.filter((who) => mayFetch(town.chain.ledger.read(), town[who].account, objectId("one")));

  it("are for the owner, delegates and holders of a release, until they are erased or destroyed", async () => {
    const town = await foundVaultTown();
    await sealSome(town);
    const { chain, patient, clinician, stranger, daughter } = town;
    const grantId = testBytes("grant");
    await expectDone(chain.run(patient, grantMessage(chain, patient, grantId, person(() => clinician)(town))));
    expect(fetchers(town)).toEqual(["patient", "daughter"]);

    const request = (reader: TestAccount) =>
      requestMessage(chain, reader, { objectIds: [objectId("one")], nonce: reader.account, grantId });
    await expectDone(chain.run(clinician, request(clinician)));
    await expectDone(chain.run(stranger, request(stranger)));
    expect(fetchers(town)).toEqual(["patient", "daughter", "clinician"]);

    await expectDone(chain.run(patient, { type: "accounts.endDelegation", value: { owner: patient.account, delegate: daughter.account } }));
    expect(fetchers(town)).toEqual(["patient", "clinician"]);
    await expectDone(chain.run(clinician, message("attestDestruction", { objectIds: [objectId("one")] })));
    expect(fetchers(town)).toEqual(["patient"]);
    await expectDone(chain.run(patient, message("erase", { objectIds: [objectId("one")] })));
    expect(fetchers(town)).toEqual([]);
    expect(mayFetch(chain.ledger.read(), patient.account, testBytes("no object"))).toBe(false);
  });

  it("stay in the register of an erased object, with the date on which their destruction is due, and late after it", async () => {
    const town = await foundVaultTown();
    await sealSome(town);
    const { chain, patient, clinician, daughter, hospital } = town;
    const grantId = testBytes("grant");
    await expectDone(chain.run(patient, grantMessage(chain, patient, grantId, person(() => clinician)(town))));
    const request = (reader: TestAccount, changes: object) =>
      requestMessage(chain, reader, { objectIds: [objectId("one")], nonce: reader.account, ...changes });
    await expectDone(chain.run(clinician, request(clinician, { grantId })));
    await expectDone(chain.run(daughter, request(daughter, {})));
    const erasedAt = chain.now;
    const erasure = await expectDone(chain.run(patient, message("erase", { objectIds: [objectId("one")] })));
    const dueAt = erasedAt + 30 * 24 * HOUR_MS;
    expect(erasure.events[0]!.data).toMatchObject({
      dueAt,
      objects: [{ objectId: objectId("one"), ciphertext: testBytes("ciphertext one") }],
    });
    await expectDone(chain.run(daughter, message("attestDestruction", { objectIds: [objectId("one")] })));

    const register = () => ask<object>(chain, "vault.copies", { objectId: objectId("one"), limit: 9 });
    const held = (who: TestAccount, rest: object) => expect.objectContaining({ holder: who.account, ...rest });
    expect(register()).toMatchObject({ total: 2, dueAt, deletions: [] });
    expect(register()).toMatchObject({
      copies: [held(daughter, { destroyedAt: erasedAt + 1_000, late: false }), held(clinician, { late: false })],
    });

    chain.now = dueAt;
    await expectDone(chain.run(hospital, message("attestDeletion", { objectIds: [objectId("one")] })));
    await chain.block();
    expect(register()).toMatchObject({
      copies: [held(daughter, { late: false }), held(clinician, { late: true })],
      deletions: [{ organisation: hospital.account, late: false }],
    });
    await expectDone(chain.run(clinician, message("attestDestruction", { objectIds: [objectId("one")] })));
    expect(register()).toMatchObject({
      copies: [held(daughter, { late: false }), held(clinician, { destroyedAt: dueAt + 2_000, late: true })],
    });
    await chain.checkInvariants();
    await chain.checkReplay();
  });

  it("are a copy again after another release", async () => {
    const town = await foundVaultTown();
    await sealSome(town);
    const { chain, daughter } = town;
    const request = (nonce: string) => chain.run(daughter, requestMessage(chain, daughter, { objectIds: [objectId("one")], nonce }));
    await expectDone(request("a"));
    await expectDone(chain.run(daughter, message("attestDestruction", { objectIds: [objectId("one")] })));
    const { releaseId } = releaseOf(chain, await expectDone(request("b")));
    const { copies, total } = ask<{ total: number; copies: object[] }>(chain, "vault.copies", { objectId: objectId("one"), limit: 9 });
    expect([total, copies]).toEqual([1, [{ number: 0, holder: daughter.account, releaseId, releasedAt: chain.ledger.time, late: false }]]);
  });
});
