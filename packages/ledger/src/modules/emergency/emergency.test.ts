import { beforeEach, describe, expect, it } from "vitest";
import { expectDone, LICENCE_ID, licenceOf, type TestAccount } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { testBytes } from "../../testing/chain.ts";
import type { Message } from "../../tx/transaction.ts";
import { mayFetch } from "../vault/index.ts";
import { GENERAL, HOUR_MS, MENTAL, releaseOf, requestMessage, sealedObject, sealMessage } from "../vault/testing/scene.ts";
import { DAY_MS, MAX_USES_PER_DAY } from "./schema.ts";
import {
  allowMessage,
  type EmergencyTown,
  emergencyMessage,
  emergencyVersion,
  forbidMessage,
  foundEmergencyTown,
  reviewMessage,
} from "./testing/scene.ts";

let town: EmergencyTown;
const general = (owner: TestAccount) => sealedObject(owner, "general", GENERAL);
const mental = (owner: TestAccount) => sealedObject(owner, "mental", MENTAL);

beforeEach(async () => {
  town = await foundEmergencyTown();
  const { chain, patient } = town;
  await expectDone(chain.run(patient, sealMessage(general(patient), mental(patient))));
});

let nonces = 0;
/** What became of a request: by what right it was released, or why not; or the refusal of the transaction. */
async function outcomeOf(reader: TestAccount, ...objects: readonly { objectId: string }[]): Promise<string> {
  const { chain } = town;
  nonces += 1;
  const objectIds = objects.map(({ objectId }) => objectId);
  const result = await chain.run(reader, emergencyMessage(chain, reader, { objectIds, nonce: String(nonces) }));
  if (result.refusal) return result.refusal.id;
  const { outcome } = releaseOf(chain, result).release;
  return outcome.kind === "released" ? outcome.under : outcome.reason;
}

async function refusalOf(by: TestAccount | readonly TestAccount[], message: Message): Promise<string | undefined> {
  return (await town.chain.run(by, message)).refusal?.id;
}

/** A release in an emergency, and its id. */
async function used(): Promise<string> {
  const { chain, clinician, patient } = town;
  nonces += 1;
  await expectDone(chain.run(patient, allowMessage(patient)));
  const request = emergencyMessage(chain, clinician, { objectIds: [general(patient).objectId], nonce: String(nonces) });
  return releaseOf(chain, await chain.run(clinician, request)).releaseId;
}

/** The patient lets somebody see the log for a day. */
async function letSeeLog({ account: delegate }: TestAccount): Promise<void> {
  const { chain, patient } = town;
  const value = { owner: patient.account, delegate, scopes: ["log.read"], until: chain.now + DAY_MS, ground: "chosen" };
  await expectDone(chain.run(patient, { type: "accounts.delegate", value }));
}

describe("a reader without a grant", () => {
  it("opens nothing unless the owner has allowed it, and the try is logged", async () => {
    const { clinician, patient } = town;
    expect(await outcomeOf(clinician, general(patient))).toBe("EmergencyNotAllowed");
    expect(ask(town.chain, "vault.releasesOf", { owner: patient.account, limit: 1 })).toMatchObject({ total: 1 });
    expect(mayFetch(town.chain.ledger, clinician.account, general(patient).objectId)).toBe(false);
  });

  it("opens what the owner has allowed, is logged as such, and raises the alarm", async () => {
    const { chain, clinician, patient } = town;
    await expectDone(chain.run(patient, allowMessage(patient, GENERAL)));
    const result = await chain.run(clinician, emergencyMessage(chain, clinician, { objectIds: [general(patient).objectId], nonce: "a" }));
    expect(result.events.map(({ type }) => type)).toEqual(["vault.released", "emergency.used"]);
    const { releaseId, release } = releaseOf(chain, result);
    expect(release).toMatchObject({ purpose: "ETREAT", reasonHash: testBytes("reason"), outcome: { under: "emergency" } });
    expect(mayFetch(chain.ledger, clinician.account, general(patient).objectId)).toBe(true);
    expect(ask(chain, "emergency.unreviewed")).toMatchObject({ uses: [{ releaseId, owner: patient.account, reader: clinician.account }] });
    await chain.checkInvariants();
    await chain.checkReplay();
  });

  it("opens nothing of another compartment, also not together with one that is allowed", async () => {
    const { chain, clinician, patient } = town;
    await expectDone(chain.run(patient, allowMessage(patient, GENERAL)));
    expect(await outcomeOf(clinician, mental(patient))).toBe("WrongCompartment");
    expect(await outcomeOf(clinician, general(patient), mental(patient))).toBe("WrongCompartment");
    await expectDone(chain.run(patient, allowMessage(patient)));
    expect(await outcomeOf(clinician, general(patient), mental(patient))).toBe("emergency");
  });

  it("opens nothing any more once the owner forbids it", async () => {
    const { chain, clinician, patient } = town;
    await expectDone(chain.run(patient, allowMessage(patient)));
    await expectDone(chain.run(patient, forbidMessage(patient)));
    expect(await outcomeOf(clinician, general(patient))).toBe("EmergencyNotAllowed");
  });

  it("needs a licence that is valid now", async () => {
    const { chain, board, clinician, nurse, stranger, patient } = town;
    await expectDone(chain.run(patient, allowMessage(patient)));
    for (const reader of [nurse, stranger]) expect(await outcomeOf(reader, general(patient))).toBe("CredentialMissing");
    const cause = { credentialId: LICENCE_ID, from: chain.now, reasonCode: "safety" };
    await expectDone(chain.run(board, { type: "credentials.suspend", value: cause }));
    expect(await outcomeOf(clinician, general(patient))).toBe("CredentialSuspended");
    await expectDone(chain.run(board, { type: "credentials.revoke", value: { ...cause, from: chain.now } }));
    expect(await outcomeOf(clinician, general(patient))).toBe("CredentialNotValid");
  });

  it("has a few emergencies within a day, and not one more; refused tries do not count", async () => {
    const { chain, clinician, patient } = town;
    expect(await outcomeOf(clinician, general(patient))).toBe("EmergencyNotAllowed");
    await expectDone(chain.run(patient, allowMessage(patient)));
    const first = chain.now;
    for (let count = 0; count < MAX_USES_PER_DAY; count += 1) expect(await outcomeOf(clinician, general(patient))).toBe("emergency");
    expect(await outcomeOf(clinician, general(patient))).toBe("TooManyEmergencies");
    chain.now = first + DAY_MS - 1;
    expect(await outcomeOf(clinician, general(patient))).toBe("TooManyEmergencies");
    chain.now = first + DAY_MS;
    expect(await outcomeOf(clinician, general(patient))).toBe("emergency");
    // The second use was a second later.
    chain.now = first + DAY_MS + 999;
    expect(await outcomeOf(clinician, general(patient))).toBe("TooManyEmergencies");
    await chain.checkInvariants();
  });

  it("opens nothing that is erased; the owner needs no emergency", async () => {
    const { chain, clinician, patient } = town;
    await expectDone(chain.run(patient, allowMessage(patient)));
    expect(await outcomeOf(patient, general(patient))).toBe("owner");
    await expectDone(chain.run(patient, { type: "vault.erase", value: { objectIds: [general(patient).objectId] } }));
    expect(await outcomeOf(clinician, general(patient))).toBe("ObjectErased");
    await chain.checkInvariants();
  });

  it("cannot use what the vault refuses: a point twice, a foreign proof, objects of two owners", async () => {
    const { chain, clinician, nurse, neighbour, patient } = town;
    await expectDone(chain.run(patient, allowMessage(patient)));
    await expectDone(chain.run(neighbour, sealMessage(sealedObject(neighbour, "other"))));
    const objectIds = [general(patient).objectId];
    const once = emergencyMessage(chain, clinician, { objectIds, nonce: "once" });
    await expectDone(chain.run(clinician, once));
    expect(await refusalOf(clinician, once)).toBe("vault/PointReused");
    expect(await refusalOf(nurse, emergencyMessage(chain, clinician, { objectIds, nonce: "stolen" }))).toBe("vault/UnprovenRequest");
    expect(await outcomeOf(clinician, general(patient), sealedObject(neighbour, "other"))).toBe("vault/SeveralOwners");
    // The purpose alone opens nothing.
    const plain = requestMessage(chain, clinician, { objectIds, nonce: "plain", purpose: "ETREAT" });
    expect(releaseOf(chain, await chain.run(clinician, plain)).release.outcome).toEqual({ kind: "refused", reason: "NoGrant" });
  });
});

describe("the setting", () => {
  it("is the owner's, or of a delegate who may grant or revoke", async () => {
    const { chain, patient, daughter, clinician } = town;
    expect(await refusalOf(patient, forbidMessage(patient))).toBe("emergency/NothingAllowed");
    expect(await refusalOf(clinician, allowMessage(patient))).toBe("emergency/NotOwner");
    await expectDone(chain.run(daughter, allowMessage(patient)));
    expect(ask(chain, "emergency.setting", { owner: patient.account })).toMatchObject({ setting: { setBy: daughter.account } });
    expect(await refusalOf(clinician, forbidMessage(patient))).toBe("emergency/NotOwner");
    await expectDone(chain.run(daughter, forbidMessage(patient)));
    expect(ask(chain, "emergency.setting", { owner: patient.account })).toEqual({});
  });
});

describe("a review", () => {
  it("is made once by the owner and once by an auditor of another house; only the auditor's ends the waiting", async () => {
    const { chain, patient, auditor, authority } = town;
    const releaseId = await used();
    await expectDone(chain.run(patient, reviewMessage(releaseId, undefined, "unjustified")));
    expect(ask(chain, "emergency.unreviewed")).toMatchObject({ uses: [{ releaseId }] });
    await expectDone(chain.run(auditor, reviewMessage(releaseId, authority)));
    expect(ask(chain, "emergency.unreviewed")).toEqual({ uses: [] });
    expect(ask(chain, "emergency.use", { releaseId })).toMatchObject({
      byOwner: { judgement: "unjustified", by: patient.account },
      byAuditor: { judgement: "justified", by: auditor.account, organisation: authority.account },
    });
    expect(await refusalOf(patient, reviewMessage(releaseId))).toBe("emergency/AlreadyReviewed");
    expect(await refusalOf(auditor, reviewMessage(releaseId, authority))).toBe("emergency/AlreadyReviewed");
    await chain.checkInvariants();
    await chain.checkReplay();
  });

  it("is refused to everybody else", async () => {
    const { chain, clinician, daughter, auditor, houseAuditor, hospital, authority, board, patient } = town;
    const releaseId = await used();
    const cases: readonly (readonly [by: TestAccount, organisation: TestAccount | undefined, refusal: string])[] = [
      [clinician, undefined, "emergency/NotReviewer"],
      [daughter, undefined, "emergency/NotReviewer"], // may read, may not see the log
      [clinician, hospital, "emergency/NotReviewer"],
      [auditor, hospital, "emergency/NotReviewer"],
      [authority, authority, "emergency/NotReviewer"], // a person answers for it
      [patient, board, "emergency/NotReviewer"],
      [houseAuditor, hospital, "emergency/OwnHouse"],
    ];
    for (const [by, organisation, refusal] of cases) expect(await refusalOf(by, reviewMessage(releaseId, organisation))).toBe(refusal);
    expect(await refusalOf(patient, reviewMessage(testBytes("none")))).toBe("emergency/UnknownUse");
    // An ordinary release is no emergency.
    const plain = requestMessage(chain, patient, { objectIds: [general(patient).objectId], nonce: "own" });
    const { releaseId: ordinary } = releaseOf(chain, await chain.run(patient, plain));
    expect(await refusalOf(patient, reviewMessage(ordinary))).toBe("emergency/UnknownUse");
  });

  it("is refused to an auditor of a house that has left the alliance, and to one who was the reader", async () => {
    const { chain, auditor, authority, clinician } = town;
    const releaseId = await used();
    const both = { organisation: authority.account, member: clinician.account, roles: ["auditor"] };
    await expectDone(chain.run(authority, { type: "accounts.setMember", value: both }));
    expect(await refusalOf(clinician, reviewMessage(releaseId, authority))).toBe("emergency/OwnHouse");
    expect(await refusalOf(auditor, reviewMessage(releaseId, authority))).toBe("emergency/OwnHouse");
    await expectDone(
      chain.run(authority, { type: "accounts.removeMember", value: { organisation: authority.account, member: clinician.account } }),
    );
    await expectDone(chain.run(authority, { type: "governance.removeMember", value: { organisation: authority.account } }));
    expect(await refusalOf(auditor, reviewMessage(releaseId, authority))).toBe("emergency/NotReviewer");
  });

  it("of a delegate is none of the reader's, and gives way to the owner's", async () => {
    const { chain, patient, daughter, clinician } = town;
    const releaseId = await used();
    for (const delegate of [daughter, clinician]) await letSeeLog(delegate);
    expect(await refusalOf(clinician, reviewMessage(releaseId))).toBe("emergency/NotReviewer");
    await expectDone(chain.run(daughter, reviewMessage(releaseId)));
    expect(await refusalOf(daughter, reviewMessage(releaseId))).toBe("emergency/AlreadyReviewed");
    await expectDone(chain.run(patient, reviewMessage(releaseId, undefined, "unjustified")));
    expect(ask(chain, "emergency.use", { releaseId })).toMatchObject({ byOwner: { judgement: "unjustified", by: patient.account } });
    for (const by of [patient, daughter]) expect(await refusalOf(by, reviewMessage(releaseId))).toBe("emergency/AlreadyReviewed");
    await chain.checkReplay();
  });

  it("is refused to the house for which the reader has worked since, however short the leave", async () => {
    const { chain, hospital, houseAuditor, clinician } = town;
    const releaseId = await used();
    const member = { organisation: hospital.account, member: clinician.account };
    const leave = { type: "accounts.removeMember", value: member };
    const back = { type: "accounts.setMember", value: { ...member, roles: ["clinician"] } };
    const round = await chain.run([hospital, houseAuditor], leave, reviewMessage(releaseId, hospital), back);
    expect(round.refusal?.id).toBe("emergency/OwnHouse");
    await expectDone(chain.run(hospital, leave));
    expect(await refusalOf(houseAuditor, reviewMessage(releaseId, hospital))).toBe("emergency/OwnHouse");
  });

  it.each([
    [4, "emergency/OwnHouse"],
    [5, undefined],
  ])(
    "is the business of a house whose list is tidied after the reader's time there was over, under version %i",
    async (number, refusal) => {
      town = await foundEmergencyTown({ version: { ...emergencyVersion, number } });
      const { chain, authority, auditor, clinician, patient } = town;
      await expectDone(chain.run(patient, sealMessage(general(patient))));
      const member = { organisation: authority.account, member: clinician.account };
      const until = chain.now + 5_000;
      await expectDone(chain.run(authority, { type: "accounts.setMember", value: { ...member, roles: ["clinician"], until } }));
      await chain.advance(HOUR_MS);
      const releaseId = await used();
      await expectDone(chain.run(clinician, { type: "accounts.removeMember", value: member }));
      expect(await refusalOf(auditor, reviewMessage(releaseId, authority))).toBe(refusal);
    },
  );

  it.each([
    [3, undefined],
    [4, "emergency/OwnHouse"],
  ])("by the house that is the reader, under version %i", async (number, refusal) => {
    town = await foundEmergencyTown({ version: { ...emergencyVersion, number } });
    const { chain, hospital, houseAuditor, board, patient } = town;
    const licence = { ...licenceOf(hospital, chain.now), credentialId: testBytes("licence of the house") };
    await expectDone(chain.run(board, { type: "credentials.issue", value: licence }));
    await expectDone(chain.run(patient, sealMessage(general(patient)), allowMessage(patient)));
    const request = emergencyMessage(chain, hospital, { objectIds: [general(patient).objectId], nonce: "house" });
    const { releaseId } = releaseOf(chain, await chain.run(hospital, request));
    expect(await refusalOf(houseAuditor, reviewMessage(releaseId, hospital))).toBe(refusal);
  });

  it("stays under version 3 as it was", async () => {
    town = await foundEmergencyTown({ version: { ...emergencyVersion, number: 3 } });
    const { chain, patient, hospital, houseAuditor, clinician } = town;
    await expectDone(chain.run(patient, sealMessage(general(patient))));
    const releaseId = await used();
    await letSeeLog(clinician);
    await expectDone(chain.run(clinician, reviewMessage(releaseId)));
    expect(await refusalOf(patient, reviewMessage(releaseId))).toBe("emergency/AlreadyReviewed");
    const member = { organisation: hospital.account, member: clinician.account };
    await expectDone(chain.run(hospital, { type: "accounts.removeMember", value: member }));
    await expectDone(chain.run(houseAuditor, reviewMessage(releaseId, hospital)));
    await chain.checkReplay();
  });
});
