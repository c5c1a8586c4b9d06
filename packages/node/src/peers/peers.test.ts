import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { peers as peersOf } from "@galen/sdk/client/custodian-nodes";
import { status } from "@galen/sdk/client/status";
import { storeBlobs } from "@galen/sdk/client/store-blobs";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { readOwn } from "@galen/sdk/records/read-own";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestNodes, type TestNodes, until } from "../testing/test-nodes.ts";

let town: TestNodes;
let patient: OwnAccount;

beforeAll(async () => {
  town = await startTestNodes({ count: 4 });
  patient = await town.person("patient");
  await town.makeKey(3);
}, 60_000);
afterAll(() => town.close());

const newId = () => bytesToHex(randomBytes(32));

async function fileOne(plaintext: Uint8Array, at = 0): Promise<string> {
  const objectId = newId();
  const document = { objectId, plaintext, owner: patient.account, compartment: "ab".repeat(32) };
  await fileDocuments(town.nodes[at]!.client, { as: town.hospital, documents: [document] });
  return objectId;
}

describe("four nodes", () => {
  it("know each other by key, height and custodian", async () => {
    const { nodes } = town;
    await until(async () => (await peersOf(nodes[0]!.client)).peers.every(({ isReachable, custodian }) => isReachable && custodian?.index));
    const known = await peersOf(nodes[0]!.client);
    expect(known.key).toBe(nodes[0]!.key);
    expect(known.peers.map(({ key, url }) => ({ key, url }))).toEqual(nodes.slice(1).map(({ key, url }) => ({ key, url })));
    expect(new Set([known.custodian, ...known.peers.map(({ custodian }) => custodian)].map((custodian) => custodian!.index))).toEqual(
      new Set([1, 2, 3, 4]),
    );
  });

  it("hold at all nodes what was stored at one, with receipts of more than two thirds", async () => {
    const objectId = await fileOne(new Uint8Array(100_000).fill(7));
    for (const { client } of town.nodes) {
      await until(async () => (await status(client)).height >= (await status(town.nodes[0]!.client)).height);
      const [opened] = await readOwn(client, { as: patient, objectIds: [objectId] });
      expect(opened!.plaintext).toEqual(new Uint8Array(100_000).fill(7));
    }
  });

  it("store while one of them is away, which fetches when it is back; a lost folder is filled again", async () => {
    const last = town.nodes[3]!;
    await last.stop();
    await until(async () => (await peersOf(town.nodes[0]!.client)).peers.some(({ isReachable }) => !isReachable));
    const objectIds = [await fileOne(new Uint8Array(80_000).fill(1)), await fileOne(new Uint8Array(20).fill(2))];
    await rm(join(last.folder, "blobs"), { recursive: true });
    await last.start();
    await until(async () => (await status(last.client)).healing.blobs.state === "complete");
    const opened = await readOwn(last.client, { as: patient, objectIds });
    expect(opened.map(({ plaintext }) => plaintext.length)).toEqual([80_000, 20]);
    expect((await status(last.client)).healing.blobs).toMatchObject({ repaired: expect.any(Number), lost: 0 });
  });

  it("refuse clearly when too few hold the bytes", async () => {
    const { nodes, hospital } = town;
    await Promise.all([nodes[2]!.stop(), nodes[3]!.stop()]);
    await until(async () => (await peersOf(nodes[0]!.client)).peers.filter(({ isReachable }) => isReachable).length === 1);
    await expect(storeBlobs(nodes[0]!.client, { as: hospital, blobs: [Uint8Array.of(1)] })).rejects.toMatchObject({
      id: "client/TooFewNodes",
      details: { heldPower: 2, totalPower: 4 },
    });
    await Promise.all([nodes[2]!.start(), nodes[3]!.start()]);
  });
});
