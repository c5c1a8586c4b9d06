import { randomInt } from "node:crypto";
import { grants } from "@galen/ledger/modules/vault/state";
import {
  accountKeys,
  type Client,
  compartmentLabel,
  createClient,
  createProofFile,
  deriveObjectId,
  fileDocuments,
  type GrantOptions,
  grantAccess,
  listGrants,
  listRecords,
  listReleases,
  type NewDocument,
  type Notice,
  ownAccount,
  query,
  type ReadOptions,
  readGranted,
  readOwn,
  releaseLog,
  revokeAccess,
  rewrapOwn,
  status,
  submit,
  subscribe,
  type UnreadableObject,
  verifyProofFile,
  verifySubject,
  webRandom,
} from "@galen/sdk";
import { storeBlobs } from "@galen/sdk/client/store-blobs";
import { fetchStateProof, fetchStateProofs } from "@galen/sdk/proofs/fetch-proof";
import { releaseKeySet } from "@galen/sdk/records/key-set";
import { recordKeyOf } from "@galen/sdk/records/record-key";
import { sealDocument } from "@galen/sdk/records/seal-document";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foundSmallNetwork, type SmallNetwork } from "./small-network.ts";

const HOUR_MS = 3_600_000;

let town: SmallNetwork;
let documents: readonly NewDocument[];
let ids: readonly string[];

beforeAll(async () => {
  town = await foundSmallNetwork();
  const { hospital, patient, client } = town;
  documents = Array.from({ length: 66 }, (_, number) => ({
    objectId: deriveObjectId(hospital.keys.compartmentKey, `document ${number}`),
    plaintext: new TextEncoder().encode(`document ${number}, `.repeat(100 * number)),
    owner: patient.account,
    compartment: compartmentLabel(patient.keys.compartmentKey, number < 2 ? "mental-health" : "general"),
  }));
  ids = documents.map(({ objectId }) => objectId);
  await fileDocuments(client, { as: hospital, documents });
});
afterAll(() => town.stop());

function grant(changes: Partial<GrantOptions> = {}) {
  const { patient, clinician, client } = town;
  const grantee = { kind: "person", account: clinician.account } as const;
  const terms = { grantee, covers: { kind: "everything" }, purposes: ["TREAT"], until: Date.now() + HOUR_MS } as const;
  return grantAccess(client, { as: patient, ...terms, ...changes } as GrantOptions);
}

function read(changes: Partial<ReadOptions> = {}) {
  return readGranted(town.client, { as: town.clinician, objectIds: ids.slice(0, 2), purpose: "TREAT", ...changes });
}

/** A client whose node gives some answers of its own, by path. */
function lyingClient(answers: Readonly<Record<string, Response>>): Client {
  return {
    ...town.client,
    lookMs: 1_000,
    fetch: (input, init) => {
      const lie = answers[new URL(new Request(input, init).url).pathname];
      return lie ? Promise.resolve(lie.clone()) : town.client.fetch(input, init);
    },
  };
}

describe("documents", () => {
  it("come back to their owner, proven and without an entry in the log", async () => {
    const opened = await readOwn(town.client, { as: town.patient, objectIds: ids });
    expect(opened.map(({ plaintext }) => plaintext)).toEqual(documents.map(({ plaintext }) => plaintext));
    expect(opened.every(({ object }) => object.author === town.hospital.account)).toBe(true);
  });

  it("are filed once, however often an import runs", async () => {
    const extra = { ...documents[0]!, objectId: deriveObjectId(town.hospital.keys.compartmentKey, "extra") };
    const heard: string[] = [];
    const again = await fileDocuments(town.client, {
      as: town.hospital,
      documents: [...documents, extra],
      onFiled: (filed) => heard.push(...filed),
    });
    expect(again.alreadyFiled).toEqual(ids);
    expect(again.filed.map(({ objectId }) => objectId)).toEqual([extra.objectId]);
    expect(heard).toEqual([extra.objectId]);
  });

  it("are filed once, when two file them at once", async () => {
    const { hospital, client } = town;
    const both = documents.slice(0, 40).map((document, number) => {
      return { ...document, objectId: deriveObjectId(hospital.keys.compartmentKey, `at once ${number}`) };
    });
    const filings = await Promise.all([1, 2].map(() => fileDocuments(client, { as: hospital, documents: both })));
    const filed = filings.flatMap((filing) => filing.filed.map(({ objectId }) => objectId));
    expect(filed.sort()).toEqual(both.map(({ objectId }) => objectId).sort());
    for (const filing of filings) expect(filing.filed.length + filing.alreadyFiled.length).toBe(both.length);
  });

  it("are filed though the node says of each that it is on file", async () => {
    const { hospital, client } = town;
    const document = { ...documents[0]!, objectId: deriveObjectId(hospital.keys.compartmentKey, "kept back") };
    const lying = lyingClient({ "/v1/query/records.document": Response.json({ height: 1, result: document }) });
    expect(await fileDocuments(lying, { as: hospital, documents: [document] })).toMatchObject({ alreadyFiled: [] });
    expect(await readOwn(client, { as: town.patient, objectIds: [document.objectId] })).toMatchObject([{ plaintext: document.plaintext }]);
  });

  it("are not taken for filed because the node refuses them as that", async () => {
    const { hospital } = town;
    const document = { ...documents[0]!, objectId: deriveObjectId(hospital.keys.compartmentKey, "refused") };
    const details = { objectId: document.objectId };
    const refusal = { type: "about:blank", title: "records/AlreadyFiled", status: 409, detail: "on file", details };
    const lying = lyingClient({ "/v1/transactions": Response.json(refusal, { status: 409 }) });
    await expect(fileDocuments(lying, { as: hospital, documents: [document] })).rejects.toMatchObject({ id: "records/AlreadyFiled" });
  });

  it("refer to earlier ones in order", async () => {
    const corrected = { ...documents[0]!, objectId: deriveObjectId(town.hospital.keys.compartmentKey, "corrected") };
    const correction = { ...corrected, relation: { kind: "corrects", objectId: corrected.objectId } as const };
    const objectId = deriveObjectId(town.hospital.keys.compartmentKey, "correction");
    await fileDocuments(town.client, { as: town.hospital, documents: [corrected, { ...correction, objectId }] });
    const { result } = await query<{ documents: { objectId: string }[] }>(town.client, "records.history", { objectId });
    expect(result.documents.map((document) => document.objectId)).toEqual([corrected.objectId, objectId]);
  });

  it("of strangers are not filed", async () => {
    const objectId = deriveObjectId(town.hospital.keys.compartmentKey, "foreign");
    await expect(fileDocuments(town.client, { as: town.board, documents: [{ ...documents[0]!, objectId }] })).rejects.toMatchObject({
      id: "records/NotAuthor",
      status: 403,
    });
  });
});

describe("a granted read", () => {
  it("opens what the grant covers, more than 64 in several releases, and stands in the log", async () => {
    const { grantId } = await grant();
    const { opened, releaseIds } = await read({ grantId, objectIds: ids });
    expect(opened.map(({ plaintext }) => plaintext)).toEqual(documents.map(({ plaintext }) => plaintext));
    expect(releaseIds).toHaveLength(2);
    for await (const entry of releaseLog(town.client, town.patient.account)) {
      expect(entry).toMatchObject({ releaseId: releaseIds[1], reader: town.clinician.account, purpose: "TREAT", grantId });
      break;
    }
  });

  const label = () => compartmentLabel(town.patient.keys.compartmentKey, "general");
  it.each<[string, () => Partial<GrantOptions>, Partial<ReadOptions>]>([
    ["NoGrant", () => ({ grantee: { kind: "person", account: town.board.account } }), {}],
    ["NotMember", () => ({ grantee: { kind: "organisation", account: town.board.account } }), {}],
    ["GrantNotYet", () => ({ from: Date.now() + HOUR_MS / 2 }), {}],
    ["WrongPurpose", () => ({ purposes: ["HRESCH"] }), {}],
    ["WrongCompartment", () => ({ covers: { kind: "compartments", labels: [label()] } }), {}],
    ["CredentialMissing", () => ({ credentialType: "practitioner-licence" }), {}],
  ])("is refused with release/%s and logged", async (reason, changes, asked) => {
    const { grantId } = await grant(changes());
    await expect(read({ grantId, ...asked })).rejects.toMatchObject({
      id: `release/${reason}`,
      details: { releaseId: expect.any(String) },
    });
    const { items } = await listReleases(town.client, { as: town.patient, owner: town.patient.account, limit: 1 });
    expect(items).toMatchObject([{ outcome: "refused", reason, grantId }]);
  });

  it("names an object once", async () => {
    await expect(read({ objectIds: [ids[0]!, ids[0]!] })).rejects.toMatchObject({ id: "vault/RepeatedObject" });
  });

  it("is refused when revoked or used up", async () => {
    const once = await grant({ reads: 1 });
    await read({ grantId: once.grantId });
    await expect(read({ grantId: once.grantId })).rejects.toMatchObject({ id: "release/GrantExhausted" });
    const ended = await grant();
    await revokeAccess(town.client, { as: town.patient, grantId: ended.grantId });
    await expect(read({ grantId: ended.grantId })).rejects.toMatchObject({ id: "release/GrantRevoked" });
  });

  it("is not taken for revoked when the node keeps the revocation to itself", async () => {
    const { grantId } = await grant();
    const lying = lyingClient({ "/v1/transactions": Response.json({ txHash: "00".repeat(32), height: 1, index: 0, events: [] }) });
    await expect(revokeAccess(lying, { as: town.patient, grantId })).rejects.toMatchObject({ id: "proof/OutcomeNotProven" });
    expect((await read({ grantId })).opened).toHaveLength(2);
  });

  it("spends none of the reads of a grant that has too few for so many documents", async () => {
    const { grantId } = await grant({ reads: 1 });
    await expect(read({ grantId, objectIds: ids })).rejects.toMatchObject({
      id: "release/TooFewReads",
      details: { grantId, readsLeft: 1, needed: 2 },
    });
    expect((await read({ grantId, objectIds: ids.slice(0, 64) })).opened).toHaveLength(64);
    // Now the ledger says no, and the owner sees it.
    await expect(read({ grantId, objectIds: ids })).rejects.toMatchObject({ id: "release/GrantExhausted" });
  });

  it("needs a custodian that answers", async () => {
    const { grantId } = await grant();
    const away = createClient({ url: "http://127.0.0.1:9", chainId: "galen-sdk-test" });
    await expect(read({ grantId, custodians: [away] })).rejects.toMatchObject({
      id: "release/TooFewShares",
      details: { needed: 1, good: 0, unreachable: "http://127.0.0.1:9 (client/Unreachable)" },
    });
  });
});

describe("the node", () => {
  it("lists records, releases and grants to those whom they concern", async () => {
    const { client, patient, clinician, board } = town;
    const records = await listRecords(client, { as: patient, owner: patient.account, limit: 3 });
    expect(records.items).toHaveLength(3);
    const rest = await listRecords(client, { as: patient, owner: patient.account, before: records.next!, limit: 500 });
    expect(rest.next).toBeNull();
    const { grantId } = await grant();
    const grants = await listGrants(client, { as: clinician, of: { reader: clinician.account } });
    expect(grants.items[0]).toMatchObject({ grantId });
    await expect(listRecords(client, { as: board, owner: patient.account })).rejects.toMatchObject({ id: "api/Forbidden", status: 403 });
  });

  it("tells an owner at once who reads, and takes up where the listener left", async () => {
    const { client, patient } = town;
    const { grantId } = await grant();
    const listening = new AbortController();
    // From the end of the chain as it is now, so that nothing is missed however late the node hears of the listener.
    const after = `${(await status(client)).height}/999999999`;
    const notices = subscribe(client, { topics: ["releases"], as: patient, after, signal: listening.signal });
    const heard = (async (): Promise<Notice> => (await notices.next()).value!)();
    const [first, second] = [await read({ grantId }), await read({ grantId })];
    const notice = await heard;
    expect(notice).toMatchObject({ event: "release", data: { releaseId: first.releaseIds[0], reader: town.clinician.account } });
    listening.abort();
    await notices.return();

    for await (const later of subscribe(client, { topics: ["releases"], as: patient, after: notice.id! })) {
      expect(later.data).toMatchObject({ releaseId: second.releaseIds[0] });
      break;
    }
  });
});

describe("a proof", () => {
  it.each<[string, () => Promise<string>]>([
    ["document", async () => ids[0]!],
    ["grant", async () => (await grant()).grantId],
    ["release", async () => (await read({ grantId: (await grant()).grantId })).releaseIds[0]!],
    ["transaction", async () => (await grant()).txHash],
    ["account", async () => town.patient.account],
    ["absent", async () => "0f".repeat(32)],
  ])("of a %s is checked here and in a file", async (kind, subject) => {
    const { client } = town;
    const found = await verifySubject(client, await subject());
    expect(found.kind).toBe(kind);
    expect(found.checks.some((check) => check.includes("signed by 1 of 1 trusted validators"))).toBe(true);
    const text = createProofFile(found.proofs, client.crypto);
    const context = { trust: client.trust!, crypto: client.crypto, nowMs: Date.now() };
    expect(verifyProofFile({ ...context, text })).toMatchObject({ checks: found.checks, facts: found.facts });
    const stranger = { ...context.trust, validatorsHash: "00".repeat(32) };
    expect(() => verifyProofFile({ ...context, trust: stranger, text })).toThrow(/^proof\/ValidatorsNotTrusted/);
  });

  it("of something else that holds is not taken for the one that was asked for", async () => {
    const { client } = town;
    const [asked, other] = [await grant(), await grant()];
    const proof = await fetch(`${client.url}/v1/transactions/${other.txHash}/proof`);
    const otherTransaction = lyingClient({ [`/v1/transactions/${asked.txHash}/proof`]: proof });
    await expect(verifySubject(otherTransaction, asked.txHash)).rejects.toMatchObject({ id: "client/UnexpectedAnswer" });

    const keys = [grants.keyOf(other.grantId)];
    const proofs = await fetch(`${client.url}/v1/state/proofs`, post({ keys }));
    const otherRecords = lyingClient({ "/v1/state/proofs": proofs });
    expect(await fetchStateProofs(otherRecords, keys)).toHaveLength(1);
    const key = grants.keyOf(asked.grantId);
    await expect(fetchStateProofs(otherRecords, [key])).rejects.toMatchObject({ id: "client/UnexpectedAnswer" });
    const otherRecord = lyingClient({ "/v1/state": await fetch(`${client.url}/v1/state?key=${encodeURIComponent(keys[0]!)}`) });
    await expect(fetchStateProof(otherRecord, key)).rejects.toMatchObject({ id: "client/UnexpectedAnswer" });
  });
});

function post(json: unknown): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(json) };
}

/** A client whose node alters one byte of one answer. */
function meddled(client: Client, answerToAlter: number): { client: Client; altered: () => string } {
  let answers = 0;
  let altered = "nothing";
  const fetch: Client["fetch"] = async (input, init) => {
    const response = await client.fetch(input, init);
    if (answers++ !== answerToAlter) return response;
    const body = await response.bytes();
    const at = randomInt(body.length);
    body[at]! ^= 1 << randomInt(8);
    altered = `byte ${at} of ${body.length} in the answer from ${new URL(response.url).pathname}`;
    return new Response(body, { status: response.status, headers: response.headers });
  };
  return { client: { ...client, fetch }, altered: () => altered };
}

describe("an owner with new keys", () => {
  it("opens its records again once the custodians have helped to rewrap them", async () => {
    const { client, hospital } = town;
    const before = await ownAccount(accountKeys(webRandom(64), 0));
    await submit(client, { actors: [before], messages: [before.creation] });
    const document = { ...documents[1]!, owner: before.account, objectId: deriveObjectId(hospital.keys.compartmentKey, "before the loss") };
    await fileDocuments(client, { as: hospital, documents: [document] });

    const { keys, signers, creation } = await ownAccount(accountKeys(webRandom(64), 0));
    const { kind: _, salt: __, ...authority } = creation.value;
    const rotation = { type: "accounts.rotateKeys", value: { account: before.account, ...authority } };
    await submit(client, { actors: [before], messages: [rotation] });
    const after = { account: before.account, keys, signers };
    const objectIds = [document.objectId];
    await expect(readOwn(client, { as: after, objectIds })).rejects.toMatchObject({ name: "SealError", code: "CapsuleRefused" });

    await rewrapOwn(client, { as: after, objectIds });
    expect(await readOwn(client, { as: after, objectIds })).toMatchObject([{ plaintext: document.plaintext }]);
    await expect(readOwn(client, { as: before, objectIds })).rejects.toMatchObject({ id: "api/Unauthenticated" });
  });
});

describe("an author who seals what does not open", () => {
  it("keeps neither owner nor reader from the rest", async () => {
    const { client, hospital, clinician } = town;
    const owner = await ownAccount(accountKeys(webRandom(64), 0));
    await submit(client, { actors: [owner], messages: [owner.creation] });
    const [good, bad] = documents.slice(0, 2).map((document, index) => {
      return { ...document, owner: owner.account, objectId: deriveObjectId(hospital.keys.compartmentKey, `hostile ${index}`) };
    }) as [NewDocument, NewDocument];
    await fileDocuments(client, { as: hospital, documents: [good] });
    await fileUnopenable(bad);

    const objectIds = [bad.objectId, good.objectId];
    const unreadable: UnreadableObject[] = [];
    const onUnreadable = (one: UnreadableObject) => unreadable.push(one);
    expect(await readOwn(client, { as: owner, objectIds, onUnreadable })).toMatchObject([{ plaintext: good.plaintext }]);
    const { grantId } = await grant({ as: owner });
    const granted = await readGranted(client, { as: clinician, objectIds, purpose: "TREAT", grantId, onUnreadable });
    expect(granted.opened).toMatchObject([{ plaintext: good.plaintext }]);
    await rewrapOwn(client, { as: owner, objectIds, onUnreadable });
    expect(await readOwn(client, { as: owner, objectIds, onUnreadable })).toMatchObject([{ plaintext: good.plaintext }]);

    expect(unreadable.map(({ object, error }) => [object.objectId, object.author, error.name])).toEqual(
      Array(4).fill([bad.objectId, hospital.account, "SealError"]),
    );
    await expect(readOwn(client, { as: owner, objectIds })).rejects.toMatchObject({ name: "SealError" });
  });
});

/** Files a document in good form whose two capsules hold noise. */
async function fileUnopenable(document: NewDocument): Promise<void> {
  const { client, hospital } = town;
  const [recordKey, { publicKey: collectiveKey }] = [await recordKeyOf(client, document.owner), await releaseKeySet(client)];
  const { item, blobs } = await sealDocument(client, document, { recordKey, collectiveKey });
  const noise = [blobs[0]!, webRandom(blobs[1]!.length), Uint8Array.of(...blobs[2]!.subarray(0, 32), ...webRandom(blobs[2]!.length - 32))];
  const { addresses, receipts } = await storeBlobs(client, { as: hospital, blobs: noise });
  const object = { ...item.object, ownerCapsule: addresses[1]!, collectiveCapsule: addresses[2]! };
  const value = { documents: [{ ...item, object }] };
  await submit(client, { actors: [hospital], messages: [{ type: "records.add", value }], receipts });
}

describe("a node that lies", () => {
  it("in any answer gets a refusal or the truth, never another document", { timeout: 120_000 }, async () => {
    const { grantId } = await grant();
    const { patient, clinician } = town;
    const objectIds = ids.slice(0, 2);
    let refused = 0;
    for (let run = 0; run < 80; run++) {
      const { client, altered } = meddled(town.client, run % 6);
      const reading =
        run % 2 === 0
          ? readOwn(client, { as: patient, objectIds })
          : readGranted(client, { as: clinician, objectIds, purpose: "TREAT", grantId }).then(({ opened }) => opened);
      try {
        expect(
          (await reading).map(({ plaintext }) => plaintext),
          altered(),
        ).toEqual(documents.slice(0, 2).map(({ plaintext }) => plaintext));
      } catch (error) {
        expect((error as Error).name, `${altered()}: ${String(error)}`).toMatch(/^(GalenError|SealError)$/);
        refused += 1;
      }
    }
    // Which byte is altered is left to chance, and many are looked at by nobody: about thirty of the answers are refused.
    expect(refused).toBeGreaterThan(5);
  });
});
