import { setTimeout as sleep } from "node:timers/promises";
import { ensureCollectiveKey } from "@galen/cli/start/collective-key";
import { accountKeys, fileDocuments, listRecords, type OwnAccount, ownAccount, readOwn, status, submit, webRandom } from "@galen/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chainOf, heightOf, reach } from "./agreement.ts";
import { cometbftProgram, describeWithCometbft } from "./cometbft-program.ts";
import { type Network, startNetwork } from "./network.ts";
import type { NetworkNode } from "./network-node.ts";
import { registerNode } from "./register-node.ts";

/** Of an idle network's blocks, two a second: a snapshot must live as long as a busy machine takes to find and fetch it. */
const SNAPSHOT_INTERVAL = 16;
const PATIENCE_MS = 60_000;

let network: Network;
let patient: OwnAccount;
const plaintext = new Uint8Array(80_000).fill(7);
const objectId = "7e".repeat(32);

/** Lets the founders admit an organisation that registers the node, which shows that it holds its key. */
async function register(node: NetworkNode): Promise<void> {
  const organisation = await ownAccount(accountKeys(webRandom(64), 0), "organisation");
  const founders = network.nodes.map((one) => one.organisation!);
  await submit(network.nodes[0]!.client, {
    actors: [...founders, organisation],
    messages: [organisation.creation, { type: "governance.admitMember", value: { organisation: organisation.account } }],
  });
  await registerNode(network.nodes[0]!.client, organisation, node.config.dataFolder);
}

async function blockHash({ url }: NetworkNode, height: number): Promise<string> {
  const answer = await fetch(`${url}/rpc/commit?height=${height}`);
  const { result } = (await answer.json()) as { result: { signed_header: { commit: { block_id: { hash: string } } } } };
  return result.signed_header.commit.block_id.hash;
}

async function healed({ client }: NetworkNode): Promise<Awaited<ReturnType<typeof status>>["healing"]> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(100)) {
    const { healing } = await status(client);
    if (healing.history.state === "complete" && healing.blobs.state === "complete") return healing;
  }
  throw new Error(`not healed: ${JSON.stringify((await status(client)).healing)}`);
}

describeWithCometbft("a node that began from a snapshot", () => {
  beforeAll(async () => {
    network = await startNetwork({
      program: cometbftProgram!,
      settings: { custodian: "on", snapshotIntervalBlocks: SNAPSHOT_INTERVAL },
    });
    const [first] = network.nodes as [NetworkNode];
    const founders = network.nodes.map(({ organisation }) => organisation!);
    await ensureCollectiveKey(first.client, founders);
    patient = await ownAccount(accountKeys(webRandom(64), 0));
    await submit(first.client, { actors: [patient], messages: [patient.creation] });
    const document = { objectId, plaintext, owner: patient.account, compartment: "ab".repeat(32) };
    await fileDocuments(first.client, { as: first.organisation!, documents: [document] });
  }, 180_000);
  afterAll(() => network.stop());

  it("fetches all blocks and blobs of the past, and then shows what every other node shows", { timeout: 180_000 }, async () => {
    const [first, second] = network.nodes as [NetworkNode, NetworkNode];
    await reach(network.nodes, (await heightOf(first)) + SNAPSHOT_INTERVAL + 3);
    const joining = await network.addNode({
      stateSyncServers: `${first.url},${second.url}`,
      stateSyncTrustHeight: 2,
      stateSyncTrustHash: await blockHash(first, 2),
    });
    await register(joining);
    await joining.start();

    const { history, blobs } = await healed(joining);
    const snapshotHeight = history.repairedTo!; // all that was missing: the node holds what follows the snapshot
    expect(history.repairedFrom).toBe(1);
    expect([snapshotHeight > 0, snapshotHeight % SNAPSHOT_INTERVAL]).toEqual([true, 0]);
    expect(blobs).toMatchObject({ repaired: 3, lost: 0 });
    expect(await chainOf(joining, 1, snapshotHeight + 1)).toBe(await chainOf(first, 1, snapshotHeight + 1));
    expect((await readOwn(joining.client, { as: patient, objectIds: [objectId] }))[0]!.plaintext).toEqual(plaintext);
    const records = await Promise.all([joining, first].map(({ client }) => listRecords(client, { as: patient, owner: patient.account })));
    expect(records[0]!.items).toEqual(records[1]!.items);
    expect(records[0]!.items).toHaveLength(1);
  });
});
