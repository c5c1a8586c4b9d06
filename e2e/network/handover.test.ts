import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGenesis } from "@galen/cli/start/genesis";
import type { Genesis } from "@galen/ledger/app/genesis";
import { successorHash } from "@galen/ledger/app/genesis";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { accounts } from "@galen/ledger/modules/accounts/state";
import { announcement } from "@galen/ledger/modules/handover/index";
import { readConfig, startNode } from "@galen/node";
import { nativeCrypto as crypto } from "@galen/node/crypto/native";
import { succeedData } from "@galen/node/handover-data";
import {
  accountKeys,
  createClient,
  genesis,
  listRecords,
  type OwnAccount,
  ownAccount,
  submit,
  type Trust,
  trustOfGenesis,
  webRandom,
} from "@galen/sdk";
import { status } from "@galen/sdk/client/status";
import { fetchStateProof } from "@galen/sdk/proofs/fetch-proof";
import { followHandover } from "@galen/sdk/proofs/follow-handover";
import { createProofFile, verifyProofFile } from "@galen/sdk/proofs/proof-file";
import { readProven } from "@galen/sdk/proofs/read-proven";
import { stateProofToJson } from "@galen/sdk/proofs/state-proof";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chainOf, heightOf, reach } from "./agreement.ts";
import { cometbftProgram, describeWithCometbft } from "./cometbft-program.ts";
import { type Founding, type Network, startNetwork } from "./network.ts";

/** What a user of the old chain has kept. */
interface Keepsake {
  readonly person: OwnAccount;
  readonly trust: Trust;
  readonly proofFile: string;
  /** Of the last block. */
  readonly height: number;
}

const newPerson = async () => ownAccount(accountKeys(webRandom(64), 0));

let network: Network;
let kept: Keepsake;

/** Runs the chain of one machine, ends it in favour of the network, and gives its end to every node. */
async function endInFavourOf(document: Genesis, { accounts: founders, dataFolders }: Founding): Promise<Genesis> {
  const folder = await mkdtemp(join(tmpdir(), "galen-old-"));
  const config = await readConfig({
    environment: {},
    overrides: { dataFolder: folder, httpPort: 0, logLevel: "silent", custodian: "off" },
  });
  const node = await startNode(config, { genesis: createGenesis({ name: "one-machine", founders }) });
  const trust = trustOfGenesis(await genesis(createClient({ url: node.url })), crypto);
  const client = createClient({ url: node.url, trust, crypto });
  const person = await newPerson();
  await submit(client, { actors: [person], messages: [person.creation] });
  const proofFile = createProofFile([await fetchStateProof(client, accounts.keyOf(person.account))], crypto);

  const { chainId, validators, parameters } = document;
  const successor = { chainId, validators, parameters, modules: {} };
  const value = { chainId, successorHash: successorHash({ ...successor, version: document.version }, crypto) };
  await submit(client, { actors: founders, messages: [{ type: "handover.announce", value }] });
  const proof = stateProofToJson(await fetchStateProof(client, announcement.keyOf("current")), crypto);
  await node.stop();
  const succeeding = await succeedData(folder, successor, proof);
  for (const target of dataFolders) {
    for (const part of ["ledger", "blobs", "handover.json"]) await cp(join(folder, part), join(target, part), { recursive: true });
  }
  await rm(folder, { recursive: true, force: true });
  kept = { person, trust, proofFile, height: succeeding.predecessor!.height };
  return succeeding;
}

describeWithCometbft("the chain of one machine", () => {
  beforeAll(async () => {
    network = await startNetwork({ program: cometbftProgram!, found: endInFavourOf });
    await reach(network.nodes, kept.height + 1);
  });
  afterAll(() => network.stop());

  it("goes on among four validators, from the height after its last block", async () => {
    const newcomer = await newPerson();
    await submit(network.nodes[2]!.client, { actors: [newcomer], messages: [newcomer.creation] });
    const height = await heightOf(network.nodes[2]!);
    expect(height).toBeGreaterThan(kept.height);
    await reach(network.nodes, height);
    const chains = await Promise.all(network.nodes.map((node) => chainOf(node, kept.height + 1, height)));
    expect(new Set(chains).size).toBe(1);
    for (const { running } of network.nodes) {
      expect(running!.engine.header(kept.height)!.chainId).toBe(kept.trust.chainId);
      expect(running!.engine.header(kept.height + 1)!.chainId).toBe(network.genesis.chainId);
      expect(bytesToHex(running!.engine.header(kept.height + 1)!.appHash)).toBe(network.genesis.predecessor!.appHash);
    }
  });

  it("is followed by whoever trusted it, and what it proved stays proven", async () => {
    const { client } = network.nodes[1]!;
    const { trust } = await followHandover(createClient({ url: client.url, crypto }), kept.trust);
    const follower = createClient({ url: client.url, trust, crypto });
    expect((await readProven(follower, accounts, kept.person.account)).value).toBeDefined();
    expect(verifyProofFile({ text: kept.proofFile, trust, crypto, nowMs: Date.now() }).chainId).toBe(trust.chainId);
    expect((await listRecords(follower, { as: kept.person, owner: kept.person.account })).items).toEqual([]);
  });

  it("is still there after a node was stopped and started", async () => {
    const [node] = network.nodes;
    await node!.stop();
    await node!.start();
    const newcomer = await newPerson();
    await submit(node!.client, { actors: [newcomer], messages: [newcomer.creation] });
    await reach(network.nodes, await heightOf(node!));
  });

  it("has its whole past checked on every node, also across the end of the chain before, where one begins above it", async () => {
    const healing = async () =>
      (await Promise.all(network.nodes.map(({ client }) => status(client)))).map(({ healing: { history } }) => history);
    await expect
      .poll(async () => (await healing()).map(({ state }) => state), { timeout: 60_000 })
      .toEqual(network.nodes.map(() => "complete"));
    expect((await healing()).map(({ checkedFrom, repaired }) => [checkedFrom, repaired])).toEqual(network.nodes.map(() => [1, 0]));
  });
});
