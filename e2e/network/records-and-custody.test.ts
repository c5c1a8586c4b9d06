import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureCollectiveKey } from "@galen/cli/start/collective-key";
import {
  accountKeys,
  auditCustodian,
  custodianNodes,
  fileDocuments,
  grantAccess,
  listRecords,
  type OwnAccount,
  ownAccount,
  readGranted,
  readOwn,
  status,
  storeBlobs,
  submit,
  webRandom,
} from "@galen/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, reach } from "./agreement.ts";
import { cometbftProgram, describeWithCometbft } from "./cometbft-program.ts";
import { type Network, startNetwork } from "./network.ts";
import type { NetworkNode } from "./network-node.ts";

let network: Network;
let patient: OwnAccount;
let doctor: OwnAccount;
let grantId: string;
const objectIds: string[] = [];
const letters = [1, 2, 3].map((number) => new Uint8Array(70_000).fill(number));

/** Resolves when it is so; a network has its own pace. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(50)) if (await isSo()) return;
  throw new Error("it did not happen within a minute");
}

async function catchUp(): Promise<void> {
  await reach(network.nodes, Math.max(...(await Promise.all(network.nodes.map(heightOf)))));
}

const read = ({ client }: NetworkNode) => readGranted(client, { as: doctor, objectIds, purpose: "TREAT", grantId });

describeWithCometbft("four organisations with a validator and a custodian each", () => {
  beforeAll(async () => {
    network = await startNetwork({ program: cometbftProgram!, settings: { custodian: "on" } });
    const [first] = network.nodes as [NetworkNode];
    await ensureCollectiveKey(
      first.client,
      network.nodes.map(({ organisation }) => organisation!),
    );
    [patient, doctor] = [await ownAccount(accountKeys(webRandom(64), 0)), await ownAccount(accountKeys(webRandom(64), 0))];
    await submit(first.client, { actors: [patient, doctor], messages: [patient.creation, doctor.creation] });
    const documents = letters.map((plaintext, number) => ({
      ...{ objectId: `${number}e`.repeat(32), plaintext, owner: patient.account, compartment: "ab".repeat(32) },
    }));
    objectIds.push(...documents.map(({ objectId }) => objectId));
    await fileDocuments(first.client, { as: first.organisation!, documents });
    const grantee = { kind: "person", account: doctor.account } as const;
    const end = Date.now() + 3_600_000;
    ({ grantId } = await grantAccess(first.client, {
      as: patient,
      grantee,
      covers: { kind: "everything" },
      purposes: ["TREAT"],
      until: end,
    }));
  }, 180_000);
  afterAll(() => network.stop());

  it("hold every document at every node, and open it with three custodians of four", async () => {
    await catchUp();
    for (const node of network.nodes) {
      const opened = await readOwn(node.client, { as: patient, objectIds });
      expect(opened.map(({ plaintext }) => plaintext)).toEqual(letters);
      expect((await read(node)).opened.map(({ plaintext }) => plaintext)).toEqual(letters);
    }
    const { client } = network.nodes[0]!;
    for (const custodian of await custodianNodes(client)) expect((await auditCustodian(client, custodian)).findings).toEqual([]);
  });

  it("go on reading and filing without one of them, which has all of it when it is back without its blobs", async () => {
    const [absent, first] = [network.nodes[3]!, network.nodes[0]!];
    await absent.stop();
    expect((await read(first)).opened).toHaveLength(3);
    const document = { objectId: "9e".repeat(32), plaintext: letters[0]!, owner: patient.account, compartment: "ab".repeat(32) };
    await fileDocuments(first.client, { as: first.organisation!, documents: [document] });
    await rm(join(absent.config.dataFolder, "blobs"), { recursive: true });
    await rm(join(absent.config.dataFolder, "index.sqlite"));
    await absent.start();
    await catchUp();
    await until(async () => (await status(absent.client)).healing.blobs.state === "complete");
    const opened = await readOwn(absent.client, { as: patient, objectIds: [...objectIds, document.objectId] });
    expect(opened.map(({ plaintext }) => plaintext)).toEqual([...letters, letters[0]]);
    await until(async () => (await status(absent.client)).healing.history.state === "complete");
    const page = await listRecords(absent.client, { as: patient, owner: patient.account });
    expect(page.items).toEqual((await listRecords(first.client, { as: patient, owner: patient.account })).items);
  });

  it("neither store nor read with two away, and do both again when one is back", async () => {
    const [first, , third, fourth] = network.nodes as [NetworkNode, NetworkNode, NetworkNode, NetworkNode];
    await Promise.all([third.stop(), fourth.stop()]);
    const storing = storeBlobs(first.client, { as: first.organisation!, blobs: [Uint8Array.of(1)] });
    await expect(storing).rejects.toMatchObject({ id: "client/TooFewNodes", details: { heldPower: 2, totalPower: 4 } });
    // No block, so no entry in the log, so no share. If they went before the header that signs the newest state, that is what the reader misses first.
    const hasty = { ...first.client, timeoutMs: 2_000, lookMs: 2_000 };
    const missed = expect.stringMatching(/^(client\/TimedOut|api\/NotYetSealed)$/) as string;
    await expect(read({ ...first, client: hasty })).rejects.toMatchObject({ id: missed });
    await third.start();
    expect((await read(first)).opened).toHaveLength(3);
    await storeBlobs(first.client, { as: first.organisation!, blobs: [Uint8Array.of(1)] });
    await fourth.start();
  });
});
