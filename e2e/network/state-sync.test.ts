import { defaultParameters } from "@galen/ledger/app/parameters";
import { accountKeys, ownAccount, submit, webRandom } from "@galen/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chainOf, heightOf, reach } from "./agreement.ts";
import { cometbftProgram, describeWithCometbft } from "./cometbft-program.ts";
import { type Network, startNetwork } from "./network.ts";
import type { NetworkNode } from "./network-node.ts";

const SNAPSHOT_INTERVAL = 16;
/** So slow a chain makes its next snapshot when a busy machine has long fetched this one. */
const IDLE_BLOCK_MS = 3_000;

let network: Network;

/** Creates a person's account, and gives its id. */
async function createPerson({ client }: NetworkNode): Promise<string> {
  const person = await ownAccount(accountKeys(webRandom(64), 0));
  await submit(client, { actors: [person], messages: [person.creation] });
  return person.account;
}

describeWithCometbft("a fifth node", () => {
  beforeAll(async () => {
    network = await startNetwork({
      program: cometbftProgram!,
      settings: { snapshotIntervalBlocks: SNAPSHOT_INTERVAL, cometbftEmptyBlockIntervalMs: IDLE_BLOCK_MS },
    });
  });
  afterAll(() => network.stop());

  it("begins from a snapshot, follows the chain and takes transactions", { timeout: 120_000 }, async () => {
    const [first, second] = network.nodes;
    const early = await createPerson(first!);
    while ((await heightOf(first!)) < SNAPSHOT_INTERVAL + 1) await createPerson(first!);
    // The parameters of the snapshot's next block, which it goes on with, are not those of today.
    const actors = network.nodes.map(({ organisation }) => organisation!);
    const value = { ...defaultParameters, maxBlockBytes: 2 * defaultParameters.maxBlockBytes };
    await submit(first!.client, { actors, messages: [{ type: "governance.setParameters", value }] });
    const joining = await network.addNode({
      stateSyncServers: `${first!.url},${second!.url}`,
      stateSyncTrustHeight: 2,
      stateSyncTrustHash: await blockHash(first!, 2),
    });
    await joining.start();

    const late = await createPerson(joining);
    const height = await heightOf(joining);
    const { earliestHeight } = joining.running!.engine.status();
    expect(earliestHeight).toBe(SNAPSHOT_INTERVAL + 1);
    await reach(network.nodes, height);
    expect(await chainOf(joining, earliestHeight, height)).toBe(await chainOf(first!, earliestHeight, height));
    expect(joining.running!.engine.header(earliestHeight - 1)).toBeUndefined();
    for (const account of [early, late]) expect(await knows(joining, account)).toBe(true);

    await joining.stop();
    await joining.start();
    await createPerson(joining);
    expect(joining.running!.engine.status().earliestHeight).toBe(earliestHeight);
  });
});

async function blockHash({ url }: NetworkNode, height: number): Promise<string> {
  const answer = await fetch(`${url}/rpc/commit?height=${height}`);
  const { result } = (await answer.json()) as { result: { signed_header: { commit: { block_id: { hash: string } } } } };
  return result.signed_header.commit.block_id.hash;
}

async function knows({ url }: NetworkNode, account: string): Promise<boolean> {
  const answer = await fetch(`${url}/v1/query/accounts.account?account=${account}`);
  return answer.ok;
}
