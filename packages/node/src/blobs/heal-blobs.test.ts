import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ledger } from "@galen/ledger/app/ledger";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { objects } from "@galen/ledger/modules/vault/state";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { StoreError } from "@galen/ledger/store/store-error";
import { writeFrames } from "@galen/sdk/client/frames";
import { status } from "@galen/sdk/client/status";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { readOwn } from "@galen/sdk/records/read-own";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nativeCrypto } from "../crypto/native.ts";
import { ed25519Key } from "../keys/ed25519-key.ts";
import { PeerFailure } from "../peers/peer-failure.ts";
import { openLevelStore } from "../store/level-store.ts";
import { startTestNodes, type TestNode, type TestNodes, until } from "../testing/test-nodes.ts";
import { type BlobFiles, openBlobFiles } from "./blob-files.ts";
import { openBlobStore } from "./blob-store.ts";
import { startBlobHealer } from "./heal-blobs.ts";
import { isNamed } from "./named-blobs.ts";

let town: TestNodes;
let patient: OwnAccount;
let first: TestNode;
let second: TestNode;

beforeAll(async () => {
  town = await startTestNodes({ count: 2 });
  [first, second] = town.nodes as [TestNode, TestNode];
  patient = await town.person("patient");
  await town.makeKey(1);
}, 60_000);
afterAll(() => town.close());

const plaintext = new Uint8Array(randomBytes(90_000));

async function fileOne(): Promise<string> {
  const objectId = bytesToHex(randomBytes(32));
  const document = { objectId, plaintext, owner: patient.account, compartment: "ab".repeat(32) };
  await fileDocuments(first.client, { as: town.hospital, documents: [document] });
  await until(() => objects.has(second.running.ledger.read(), objectId));
  return objectId;
}

const readAt = async ({ client }: TestNode, objectId: string) =>
  (await readOwn(client, { as: patient, objectIds: [objectId] }))[0]!.plaintext;
const addressesOf = ({ running }: TestNode, objectId: string) => objects.get(running.ledger.read(), objectId)!;
const fileOf = ({ folder }: TestNode, address: string) => join(folder, "blobs", "files", address.slice(0, 2), address);

describe("a node's blobs", () => {
  it("are fetched when they are asked for and are damaged or gone", async () => {
    const [cut, gone] = [await fileOne(), await fileOne()];
    await truncate(fileOf(second, addressesOf(second, cut).ciphertext), 100);
    await rm(fileOf(second, addressesOf(second, gone).ciphertext));
    expect([await readAt(second, cut), await readAt(second, gone)]).toEqual([plaintext, plaintext]);
    const { healing } = await status(second.client);
    expect(healing.blobs).toMatchObject({ repaired: 2, lost: 0, repairedFrom: expect.any(String), repairedTo: expect.any(String) });
    expect(await (await fetch(`${second.url}/metrics`)).text()).toMatch(/galen_blobs_repaired 2/);
  });

  it("are found damaged by the next round, and healed before anybody asks", async () => {
    const objectId = await fileOne();
    const { ciphertext } = addressesOf(second, objectId);
    await second.stop();
    await truncate(fileOf(second, ciphertext), 100);
    await forgetRound(second);
    await second.start();
    await until(async () => (await status(second.client)).healing.blobs.state === "complete");
    expect((await readdir(join(second.folder, "blobs", "files"), { recursive: true })).some((path) => path.endsWith(ciphertext))).toBe(
      true,
    );
    expect((await status(second.client)).healing.blobs).toMatchObject({ repaired: 1, lost: 0 });
  });

  it("stay erased, also when an old backup brings them back", async () => {
    const objectId = await fileOne();
    const { ciphertext } = addressesOf(second, objectId);
    await second.stop();
    const kept = await openStore(second);
    const bytes = await kept.store.get(ciphertext);
    await kept.close();
    await submit(first.client, { actors: [patient], messages: [{ type: "vault.erase", value: { objectIds: [objectId] } }] });
    await second.start();
    await until(() => !isNamed(second.running.ledger.read(), ciphertext));
    await second.stop();
    const backup = await openStore(second);
    await backup.store.restore([bytes]);
    await backup.close();
    await forgetRound(second);
    await second.start();
    await until(async () => (await status(second.client)).healing.blobs.state === "complete");
    await expect(readAt(second, objectId)).rejects.toMatchObject({ id: "vault/ObjectErased" });
    await second.stop();
    const after = await openStore(second);
    expect(after.store.has(ciphertext)).toBe(false);
    await after.close();
    await second.start();
  });
});

async function openStore({ folder }: TestNode) {
  const kv = await openLevelStore(join(folder, "blobs", "index"));
  const files = openBlobFiles(join(folder, "blobs", "files"));
  return { store: openBlobStore({ kv, files, sha256: nativeCrypto.sha256, now: Date.now }), close: () => kv.close() };
}

async function forgetRound({ folder }: TestNode): Promise<void> {
  const kv = await openLevelStore(join(folder, "blobs", "index"));
  await kv.write([{ key: Buffer.from("heal"), value: undefined }]);
  await kv.close();
}

/** The healer alone, over the first node's ledger, with peers that are made up. */
describe("the healer", () => {
  let files: string;
  beforeAll(async () => {
    files = await mkdtemp(join(tmpdir(), "galen-healer-"));
  });
  afterAll(() => rm(files, { recursive: true }));

  function healAlone({
    validator = first.signer,
    read = first.running.ledger.read,
    range,
    write,
  }: {
    readonly validator?: TestNode["signer"];
    readonly read?: Ledger["read"];
    readonly range?: KeyValueStore["range"];
    readonly write?: BlobFiles["write"];
  } = {}) {
    const kv = { ...createMemoryStore(), ...(range && { range }) };
    const reported: unknown[] = [];
    const blobs = openBlobStore({
      ...{ kv, sha256: nativeCrypto.sha256, now: () => now },
      files: { ...openBlobFiles(files), ...(write && { write }) },
    });
    let now = Date.now();
    let isReachable = false;
    const asked: string[][] = [];
    const held: Uint8Array[] = [];
    const warnings: object[] = [];
    const healer = startBlobHealer({
      ...{ ledger: { read }, kv, blobs, crypto: nativeCrypto, validator, now: () => now },
      state: { range: () => (async function* () {})() },
      peers: {
        met: async () => {},
        list: () => [{ url: "http://peer.test", publicUrl: "http://peer.test", report: undefined, isReachable }],
        refresh: async () => {
          isReachable = true;
        },
        nodes: () => (isReachable ? [{ url: "http://peer.test", key: "ab", height: 1 }] : []),
        async ask(_node, _purpose, { body }, check) {
          const { addresses } = JSON.parse(Buffer.from(body!.bytes).toString()) as { addresses: string[] };
          asked.push(addresses);
          if (held.length > 0) return check(writeFrames(held));
          throw new PeerFailure("unreachable", "http://peer.test");
        },
      },
      logger: { info: () => {}, warn: (facts: object) => void warnings.push(facts) } as never,
      report(error) {
        if (!range && !write && read === first.running.ledger.read) throw error;
        reported.push(error);
      },
    });
    const pass = (ms: number) => {
      now += ms;
    };
    return { healer, asked, held, warnings, reported, pass };
  }

  it("reports a blob that nobody has once, and does not ask for it again and again", async () => {
    const { ciphertext } = addressesOf(first, await fileOne());
    const { healer, asked, warnings, pass } = healAlone();
    for (let times = 0; times < 5; times++) await expect(healer.get(ciphertext)).rejects.toMatchObject({ kind: { id: "blobs/NotHeld" } });
    expect(asked).toEqual([[ciphertext]]);
    expect(healer.status()).toMatchObject({ lost: 1, repaired: 0 });
    pass(120_000);
    await expect(healer.get(ciphertext)).rejects.toMatchObject({ kind: { id: "blobs/NotHeld" } });
    expect(asked).toHaveLength(2);
    expect(warnings).toEqual([{ first: ciphertext, blobs: 1 }]);
    await healer.stop();
  });

  it("looks again by itself for what nobody had", async () => {
    const { ciphertext } = addressesOf(first, await fileOne());
    const { healer, asked, held } = healAlone();
    healer.want([ciphertext]);
    await healer.settled();
    expect(healer.status()).toMatchObject({ lost: 1 });
    held.push(await readFile(fileOf(first, ciphertext)));
    await until(() => asked.length > 1);
    await healer.settled();
    expect(healer.status()).toMatchObject({ lost: 0, repaired: 1 });
    await healer.stop();
  });

  it("looks again by itself for what a full disk did not take", async () => {
    const { ciphertext } = addressesOf(first, await fileOne());
    let isFull = true;
    const write: BlobFiles["write"] = async (address, bytes) => {
      if (isFull) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      await openBlobFiles(files).write(address, bytes);
    };
    const { healer, held, reported } = healAlone({ write });
    held.push(await readFile(fileOf(first, ciphertext)));
    await expect(healer.get(ciphertext)).rejects.toMatchObject({ kind: { id: "blobs/NotHeld" } });
    healer.want([ciphertext]);
    await healer.settled();
    expect([reported.length, healer.status().repaired]).toEqual([2, 0]);
    isFull = false;
    await until(() => healer.status().repaired === 1);
    expect(healer.status()).toMatchObject({ lost: 0 });
    await healer.stop();
  });

  it("reports a state that cannot be read any more when it looks again, and goes on", async () => {
    const { ciphertext } = addressesOf(first, await fileOne());
    const damaged = new StoreError("StateCorrupt", "altered");
    let isDamaged = false;
    const { healer, reported } = healAlone({
      read() {
        if (isDamaged) throw damaged;
        return first.running.ledger.read();
      },
    });
    healer.want([ciphertext]);
    await until(() => healer.status().state === "complete");
    await healer.settled();
    isDamaged = true;
    await until(() => reported.length > 0);
    expect(reported).toEqual([damaged]);
    await healer.stop();
  });

  it("asks nobody while the ledger does not know the node, whom nobody would answer", async () => {
    const { ciphertext } = addressesOf(first, await fileOne());
    const { healer, asked, warnings } = healAlone({ validator: ed25519Key(new Uint8Array(randomBytes(32))) });
    healer.want([ciphertext]);
    await expect(healer.get(ciphertext)).rejects.toMatchObject({ kind: { id: "blobs/NotHeld" } });
    await healer.settled();
    expect([asked, warnings, healer.status().state]).toEqual([[], [], "waiting"]);
    await healer.stop();
  });

  it("comes to the end of a round although names cannot be listed past a damaged record", async () => {
    const damaged = new StoreError("StateCorrupt", "altered");
    const range = () => {
      throw damaged;
    };
    const { healer, reported } = healAlone({ range });
    await until(() => healer.status().state === "complete");
    expect(reported).toEqual([damaged]);
    await healer.stop();
  });

  it("never asks for a blob that the ledger does not name", async () => {
    const { healer, asked } = healAlone();
    healer.want(["ab".repeat(32)]);
    await healer.settled();
    await expect(healer.get("cd".repeat(32))).rejects.toMatchObject({ kind: { id: "blobs/NotHeld" } });
    expect(asked).toEqual([]);
    await healer.stop();
  });
});
