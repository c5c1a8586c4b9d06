import { custodiansAt, ensureCollectiveKey } from "@galen/cli/start/collective-key";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { accountKeys, custodianNodes, type GalenError, type OwnAccount, ownAccount, query, status, submit, webRandom } from "@galen/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createReading } from "../faults/reading.ts";
import { chainOf, heightOf, reach } from "./agreement.ts";
import { cometbftProgram, describeWithCometbft } from "./cometbft-program.ts";
import { type Network, startNetwork } from "./network.ts";
import type { NetworkNode } from "./network-node.ts";
import { registerNode } from "./register-node.ts";

// By the command line, with releases that lack the version, kills and nodes that join: ../upgrade.long.ts.

const [FIRST, NEWEST] = [ledgerVersions[0]!.number, ledgerVersions.at(-1)!.number];
const AHEAD = 6;
const PATIENT = { timeout: 60_000 };

let network: Network;
const founders = () => network.nodes.map(({ organisation }) => organisation!);

async function createPerson({ client }: NetworkNode): Promise<OwnAccount> {
  const person = await ownAccount(accountKeys(webRandom(64), 0));
  await submit(client, { actors: [person], messages: [person.creation] });
  return person;
}

async function versionOf({ url }: NetworkNode, height: number): Promise<number> {
  const answer = (await (await fetch(`${url}/v1/headers/${height}`)).json()) as HeaderAnswer;
  return Number(answer.signed_header.header.version.app);
}

interface HeaderAnswer {
  readonly signed_header: { readonly header: { readonly version: { readonly app: string } } };
}

describeWithCometbft("four organisations on the first ledger version", () => {
  beforeAll(async () => {
    network = await startNetwork({
      program: cometbftProgram!,
      settings: { custodian: "on" },
      // Version 1 knows nothing of nodes.
      found: ({ modules: { governance }, ...genesis }) => ({ ...genesis, version: FIRST, modules: { governance } }),
    });
    await ensureCollectiveKey(network.nodes[0]!.client, founders());
  }, 120_000);
  afterAll(() => network.stop());

  it("go over to the newest in one block, lose nothing, and hand their key on by its rules", { timeout: 120_000 }, async () => {
    const [first] = network.nodes as [NetworkNode];
    const reading = await createReading(first.client, first.organisation!);
    const height = (await heightOf(first)) + AHEAD;
    const plan = { type: "governance.scheduleUpgrade", value: { height, version: NEWEST } };
    await submit(first.client, { actors: founders(), messages: [plan] });

    const people: OwnAccount[] = [];
    while ((await heightOf(first)) < height + 1) people.push(...(await Promise.all(network.nodes.map(createPerson))));
    await reach(network.nodes, await heightOf(first));
    const last = await heightOf(first);
    const chains = await Promise.all(network.nodes.map((node) => chainOf(node, 1, last)));
    expect(new Set(chains).size).toBe(1);
    for (const node of network.nodes) {
      expect(await Promise.all([height - 1, height].map((at) => versionOf(node, at)))).toEqual([FIRST, NEWEST]);
      for (const { account } of people) await query(node.client, "accounts.account", { account });
    }

    // Whose the validators are, version 1 did not know. From then on the custodians offer their keys by themselves, and until they have, a ceremony is refused.
    for (const { organisation, config } of network.nodes) await registerNode(first.client, organisation!, config.dataFolder);
    const { custodyEpoch } = await status(first.client);
    await expect.poll(reshare, PATIENT).toBe("started");
    const holdings = () => network.nodes.map(({ running }) => running!.custodian!.holding!.epoch);
    await expect.poll(holdings, PATIENT).toEqual(network.nodes.map(() => custodyEpoch! + 1));
    for (const { client } of network.nodes) await reading.read(client);
  });
});

async function reshare(): Promise<string> {
  const { client } = network.nodes[0]!;
  const value = { purpose: "release", kind: "reshare", ...(await custodiansAt(await custodianNodes(client))), windowMs: 30_000 };
  return submit(client, { actors: founders(), messages: [{ type: "custody.startCeremony", value }] }).then(
    () => "started",
    ({ id }: GalenError) => id,
  );
}
