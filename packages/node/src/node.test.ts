import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { VaultObject } from "@galen/ledger/modules/vault/index";
import { nextEntry, type ServedEntry } from "@galen/ledger/modules/vault/served-log";
import { authorisation } from "@galen/sdk/client/authorisation";
import { query } from "@galen/sdk/client/query";
import { status } from "@galen/sdk/client/status";
import { auditCustodian } from "@galen/sdk/custody/audit-custodian";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { grantAccess, revokeAccess } from "@galen/sdk/records/grants";
import { listGrants, listPage, listRecords, listReleases } from "@galen/sdk/records/listings";
import { readGranted } from "@galen/sdk/records/read-granted";
import { readOwn } from "@galen/sdk/records/read-own";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openBlobFiles } from "./blobs/blob-files.ts";
import { openBlobStore } from "./blobs/blob-store.ts";
import { readConfig } from "./config.ts";
import { nativeCrypto } from "./crypto/native.ts";
import { startNode } from "./node.ts";
import { type OrderedLedger, openOrderedLedger } from "./open-engine.ts";
import { openLevelStore } from "./store/level-store.ts";
import { hearEvents } from "./testing/hear-events.ts";
import { startTestNetwork, type TestNetwork } from "./testing/test-network.ts";

const inAnHour = () => Date.now() + 3_600_000;
const letter = new TextEncoder().encode("Dear colleague, the X-ray shows nothing.");

describe("a node", () => {
  let network: TestNetwork;
  let patient: Awaited<ReturnType<TestNetwork["person"]>>;
  let doctor: Awaited<ReturnType<TestNetwork["person"]>>;
  const objectId = bytesToHex(randomBytes(32));

  beforeAll(async () => {
    network = await startTestNetwork();
    patient = await network.person("patient");
    doctor = await network.person("doctor");
    await network.makeKey();
  });
  afterAll(() => network.close());

  it("lets its custodian make the collective key through transactions", async () => {
    const { collectiveKey, custodyEpoch } = await status(network.client);
    expect(collectiveKey).toMatch(/^[0-9a-f]{64}$/);
    expect(custodyEpoch).toBe(1);
    expect(network.node.custodian!.holding).toEqual({ index: 1, epoch: 1 });
  });

  it("keeps a sealed document that its owner opens alone", async () => {
    const document = { objectId, plaintext: letter, owner: patient.account, compartment: "ab".repeat(32) };
    await fileDocuments(network.client, { as: network.hospital, documents: [document] });
    const [opened] = await readOwn(network.client, { as: patient, objectIds: [objectId] });
    expect(opened!.plaintext).toEqual(letter);
  });

  it("releases it to a reader with a grant, after the entry, and to nobody without", async () => {
    const { client } = network;
    const read = { as: doctor, objectIds: [objectId], purpose: "TREAT" } as const;
    await expect(readGranted(client, read)).rejects.toMatchObject({ id: "release/NoGrant" });
    const { grantId } = await grantAccess(client, {
      as: patient,
      grantee: { kind: "person", account: doctor.account },
      covers: { kind: "everything" },
      purposes: ["TREAT"],
      until: inAnHour(),
    });
    const { opened } = await readGranted(client, { ...read, grantId });
    expect(opened[0]!.plaintext).toEqual(letter);
    await revokeAccess(client, { as: patient, grantId });
    await expect(readGranted(client, { ...read, grantId })).rejects.toMatchObject({ id: "release/GrantRevoked" });
  });

  it("shows the owner who read and who tried, and strangers nothing", async () => {
    const { client } = network;
    const owner = patient.account;
    const { items } = await listReleases(client, { owner, as: patient });
    expect(items.map(({ outcome }) => outcome)).toEqual(["refused", "released", "refused"]);
    expect((await listRecords(client, { owner, as: patient })).items).toMatchObject([{ objectId }]);
    expect((await listGrants(client, { of: { reader: doctor.account }, as: doctor })).items).toHaveLength(1);
    await expect(listReleases(client, { owner, as: doctor })).rejects.toMatchObject({ id: "api/Forbidden", status: 403 });
  });

  it("lists an organisation's people to itself and to them, page by page, and to nobody else", async () => {
    const { client, hospital } = network;
    const organisation = hospital.account;
    const enter = (member: OwnAccount, until?: number) => ({
      type: "accounts.setMember",
      value: { organisation, member: member.account, roles: ["nurse", "clinician"], ...(until === undefined ? {} : { until }) },
    });
    const list = (as: OwnAccount, page: { before?: number; limit?: number } = {}) =>
      listPage(client, "/v1/members", { organisation }, { as, ...page });
    const former = await network.person("former nurse");
    await submit(client, { actors: [hospital], messages: [enter(doctor), enter(former, Date.now() + 60_000)] });
    const first = await list(hospital, { limit: 1 });
    const second = await list(doctor, { before: first.next!, limit: 5 });
    expect([first, second].map(({ items }) => items)).toMatchObject([
      [{ member: former.account, roles: ["clinician", "nurse"], until: expect.any(Number) }],
      [{ member: doctor.account, until: null }],
    ]);
    expect(second.next).toBeNull();
    await submit(client, {
      actors: [former],
      messages: [{ type: "accounts.removeMember", value: { organisation, member: former.account } }],
    });
    for (const stranger of [patient, former]) await expect(list(stranger)).rejects.toMatchObject({ id: "api/Forbidden", status: 403 });
    expect((await list(hospital)).items.map(({ member }) => member)).toEqual([doctor.account]);
  });

  it("streams releases to their owner, and to nobody else", async () => {
    const path = "/v1/events?topics=blocks,releases&after=1/0";
    const heardBy = async (account: OwnAccount) => {
      const request = { chainId: "test-network", method: "GET", path, body: new Uint8Array(0) };
      const headers = { authorization: await authorisation(network.client, account, request) };
      const { height } = await status(network.client);
      const events = await hearEvents(network, path, headers, (some) => some.some(({ data }) => data.height === height));
      return events.filter(({ name }) => name === "release").map(({ data }) => (data.outcome as { kind: string }).kind);
    };
    expect(await heardBy(patient)).toEqual(["refused", "released", "refused"]);
    expect(await heardBy(doctor)).toEqual([]);
  });

  it("goes on after a restart with the same chain, key and documents", async () => {
    const before = await status(network.client);
    await network.restart();
    const after = await status(network.client);
    expect(after).toMatchObject({ chainId: before.chainId, collectiveKey: before.collectiveKey, appHash: before.appHash });
    expect(network.node.custodian!.holding).toEqual({ index: 1, epoch: 1 });
    const { opened } = await readGranted(network.client, { as: patient, objectIds: [objectId], purpose: "PATRQT" });
    expect(opened[0]!.plaintext).toEqual(letter);
  });

  it("removes what a killed process left unfinished, such as a share of the key", async () => {
    const names = ["genesis.json", "keys/custodian-state.json", "blobs/unfinished/00"].map((name) => `${name}.0123456789ab.part`);
    const left = names.map((name) => join(network.folder, name));
    for (const path of left) await writeFile(path, "left");
    await network.restart();
    expect(left.filter((path) => existsSync(path))).toEqual([]);
  });

  it("makes the state tree anew when its log is gone", async () => {
    const { appHash } = await status(network.client);
    await network.node.stop();
    await rm(join(network.folder, "ledger", "log"), { recursive: true });
    await network.restart();
    expect(await status(network.client)).toMatchObject({ appHash });
    expect((await readOwn(network.client, { as: patient, objectIds: [objectId] }))[0]!.plaintext).toEqual(letter);
  });

  it("deletes the blobs of an erased document and no others", async () => {
    const kept = bytesToHex(randomBytes(32));
    const document = { objectId: kept, plaintext: letter, owner: patient.account, compartment: "ab".repeat(32) };
    await fileDocuments(network.client, { as: network.hospital, documents: [document] });
    const objects = await Promise.all([objectId, kept].map((id) => query<VaultObject>(network.client, "vault.object", { objectId: id })));
    await submit(network.client, { actors: [patient], messages: [{ type: "vault.erase", value: { objectIds: [objectId] } }] });
    const read = readOwn(network.client, { as: patient, objectIds: [objectId] });
    await expect(read).rejects.toMatchObject({ id: "vault/ObjectErased" });
    const documents = [objectId, kept].map((id) => ({ ...document, objectId: id }));
    const again = await fileDocuments(network.client, { as: network.hospital, documents });
    expect(again).toEqual({ filed: [], alreadyFiled: [kept], erased: [objectId] });

    await network.node.stop();
    const kv = await openLevelStore(join(network.folder, "blobs", "index"));
    const blobs = openBlobStore({
      kv,
      files: openBlobFiles(join(network.folder, "blobs", "files")),
      sha256: nativeCrypto.sha256,
      now: Date.now,
    });
    const held = objects.map(({ result }) => [result.ciphertext, result.ownerCapsule, result.collectiveCapsule].map(blobs.has));
    await blobs.sweep(Date.now() + 1_000);
    const afterSweep = blobs.has(objects[1]!.result.ciphertext);
    await kv.close();
    await network.restart();
    expect({ held, afterSweep }).toEqual({
      held: [
        [false, false, false],
        [true, true, true],
      ],
      afterSweep: true,
    });
  });

  it("refuses a second node on its folder", async () => {
    const config = await readConfig({ environment: {}, overrides: { dataFolder: network.folder, httpPort: 0, logLevel: "silent" } });
    await expect(startNode(config)).rejects.toThrow(/another process|running/);
  });

  it("leaves a log of served shares that fits the ledger", async () => {
    const audit = await auditCustodian(network.client, network.client);
    expect(audit).toMatchObject({ entries: 2, findings: [] });
    const known = audit.last!;
    expect((await auditCustodian(network.client, network.client, known)).findings).toEqual([]);
    const other = { ...known, hash: "ab".repeat(32) };
    expect((await auditCustodian(network.client, network.client, other)).findings).toEqual([
      { number: 1, releaseId: "", fault: "log-shortened" },
    ]);
  });

  it("is found out by its log when it served what the ledger does not release, or to another", async () => {
    const { entries } = (await (await fetch(`${network.node.url}/v1/custodian/log`)).json()) as { entries: ServedEntry[] };
    const [first, second] = entries as [ServedEntry, ServedEntry];
    const rows: [ServedEntry[], string[]][] = [
      [[first, { ...second, releaseId: "ab".repeat(32) }], ["log-altered"]],
      [[second], ["log-altered"]],
      [[first, nextEntry(first, { ...second, releaseId: "ab".repeat(32) }, nativeCrypto)], ["no-release"]],
      [[first, nextEntry(first, { ...second, reader: network.hospital.account }, nativeCrypto)], ["other-reader"]],
      [[first, nextEntry(first, { ...second, height: 1 }, nativeCrypto)], ["served-before-commit"]],
    ];
    for (const [given, faults] of rows) {
      const liar = { ...network.client, fetch: async () => Response.json({ entries: given, next: null }) };
      expect((await auditCustodian(network.client, liar)).findings.map(({ fault }) => fault)).toEqual(faults);
    }
  });

  it("is accused of nothing by a ledger that lags behind its own, and not acquitted by one that never comes to its height", async () => {
    const client = { ...network.client, trust: undefined };
    let isBehind = true;
    const lagging = {
      ...client,
      async fetch(...[input, init]: Parameters<typeof fetch>) {
        const answer = await client.fetch(input, init);
        if (!isBehind) return answer;
        if (!new Request(input).url.includes("vault.release")) return Response.json({ ...((await answer.json()) as object), height: 1 });
        isBehind = false;
        return Response.json({ title: "vault/UnknownRelease", detail: "not here yet" }, { status: 404 });
      },
    };
    expect(await auditCustodian(lagging, network.client)).toMatchObject({ entries: 2, findings: [] });
    expect(isBehind).toBe(false);

    const claimed = nextEntry(undefined, { releaseId: "ab".repeat(32), reader: doctor.account, epoch: 1, height: 1e9 }, nativeCrypto);
    const liar = { ...network.client, fetch: async () => Response.json({ entries: [claimed], next: null }) };
    for (const hasty of [network.client, client].map((auditor) => ({ ...auditor, timeoutMs: 1_500 })))
      expect((await auditCustodian(hasty, liar)).findings.map(({ fault }) => fault)).toEqual(["no-release"]);
  });

  it("keeps its keys for its owner's eyes", async () => {
    for (const file of ["validator.json", "custodian.json", "custodian-state.json"]) {
      expect((await stat(join(network.folder, "keys", file))).mode & 0o777).toBe(0o600);
    }
  });
});

function withEngine({ ledger, engine }: OrderedLedger, changes: Partial<OrderedLedger["engine"]>): OrderedLedger {
  return { ledger, engine: { ...engine, ...changes } };
}

it("serves its peers although its chain stands still, and has no custodian's account yet", async () => {
  const standsStill = { submitAndWait: () => new Promise<never>(() => {}) };
  const network = await startTestNetwork(
    {},
    { openOrderedLedger: async (parts) => withEngine(await openOrderedLedger(parts), standsStill) },
  );
  const answer = (await (await fetch(`${network.node.url}/v1/peers`)).json()) as { custodian: { account: string } };
  expect(answer.custodian.account).toMatch(/^[0-9a-f]{64}$/);
  await expect(query(network.client, "accounts.account", { account: answer.custodian.account })).rejects.toMatchObject({
    id: "accounts/UnknownAccount",
  });
  await network.close();
});

it("does not start on a port that is taken, and makes nothing in its folder", async () => {
  const network = await startTestNetwork();
  const dataFolder = join(network.folder, "other");
  const config = await readConfig({
    environment: {},
    overrides: { dataFolder, httpPort: Number(new URL(network.node.url).port), logLevel: "silent" },
  });
  await expect(startNode(config)).rejects.toMatchObject({
    kind: { id: "node/PortTaken" },
    details: { address: new URL(network.node.url).host },
  });
  expect(existsSync(dataFolder)).toBe(false);
  await network.close();
});

it("does not start on a port that this user may not have", async () => {
  const denied = Object.assign(new Error("permission denied"), { code: "EACCES" });
  const listening = vi.spyOn(Server.prototype, "listen").mockImplementation(function deny(this: Server) {
    queueMicrotask(() => this.emit("error", denied));
    return this;
  });
  const config = await readConfig({ environment: {}, overrides: { dataFolder: join(tmpdir(), "galen-never"), httpPort: 80 } });
  await expect(startNode(config)).rejects.toMatchObject({ kind: { id: "node/PortForbidden" }, details: { address: "127.0.0.1:80" } });
  listening.mockRestore();
});

it("does not start on an empty folder without a genesis document", async () => {
  const network = await startTestNetwork();
  await network.node.stop();
  const config = await readConfig({
    environment: {},
    overrides: { dataFolder: join(network.folder, "other"), httpPort: 0, logLevel: "silent" },
  });
  await expect(startNode(config)).rejects.toMatchObject({ kind: { id: "node/NoNetwork" } });
  await network.close();
});

it("does not start on a read model that cannot be opened, and tells what may be deleted", async () => {
  const network = await startTestNetwork();
  await network.node.stop();
  const path = join(network.folder, "index.sqlite");
  for (const suffix of ["", "-wal", "-shm"]) await rm(path + suffix, { force: true });
  await mkdir(path);
  const config = await readConfig({ environment: {}, overrides: { dataFolder: network.folder, httpPort: 0, logLevel: "silent" } });
  await expect(startNode(config)).rejects.toMatchObject({
    kind: { id: "node/ReadModelUnusable", sentence: expect.stringContaining("delete index.sqlite") },
    details: { path, reason: "unable to open database file" },
  });
  await rm(path, { recursive: true });
  await (await startNode(config)).stop();
  await network.close();
});
