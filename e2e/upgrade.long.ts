import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openNetworkFolder } from "@galen/cli/network/network-folder";
import { actorOf } from "@galen/cli/session";
import { openWallet } from "@galen/cli/wallet/wallet";
import type { Genesis } from "@galen/ledger/app/genesis";
import { openLedger } from "@galen/ledger/app/ledger";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { nativeCrypto as crypto } from "@galen/node/crypto/native";
import { openLevelStore } from "@galen/node/store/level-store";
import { GalenError, query, status, type Trust, trustOfGenesis } from "@galen/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { installCometbft } from "../scripts/cometbft.ts";
import { checkInvariants } from "./faults/invariants.ts";
import { createLabNode, type LabNode } from "./faults/lab-node.ts";
import { type Load, startLoad } from "./faults/load.ts";
import { loopback } from "./faults/places.ts";
import { createReading, type Reading } from "./faults/reading.ts";
import { caughtUp, greatestHeight } from "./faults/watching.ts";
import { runGalen, spawnGalen, whenReady } from "./galen-process.ts";
import { chainOf } from "./network/agreement.ts";
import { missingVersion, olderRelease } from "./older-release/older-release.ts";

/*
 * An alliance of four goes over to the newest ledger version, as its operators would: by the command line, node by node, under load. Two of them install the release in time and two do not,
 * so that the chain stands still between two versions, where everything that can happen to a node happens.
 */
const [OLD, NEW] = ledgerVersions.slice(-2).map(({ number }) => number) as [number, number];
const PASSPHRASE = "between us";
const NAMES = [1, 2, 3, 4].map((number) => `Organisation ${number}`);
const NEWCOMER = "House 5";
const PER_SECOND = 10;
const SNAPSHOT_INTERVAL = 20;
/** Enough for three people to decide by the command line on a busy machine. The last block before the new version lies between two snapshots. */
const BLOCKS_TO_DECIDE = 10 * SNAPSHOT_INTERVAL;

const PATIENT = { timeout: 120_000, interval: 50 };

const environment = {
  GALEN_PASSPHRASE: PASSPHRASE,
  GALEN_COMETBFT_BINARY: await installCometbft(),
  GALEN_SNAPSHOT_INTERVAL_BLOCKS: String(SNAPSHOT_INTERVAL),
  GALEN_COMETBFT_EMPTY_BLOCK_INTERVAL_MS: "500",
};
const older = { ...environment, ...olderRelease(OLD) };

let folder: string;
let place: string;
let trust: Trust;
/** Of the founders. */
let nodes: readonly LabNode[] = [];
const joined: LabNode[] = [];
let reading: Reading;
let load: Load;
/** From which height on the load runs. */
let from: number;
/** Where the new version takes over. */
let height: number;

async function galen(args: readonly string[], release: Readonly<Record<string, string>> = environment): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runGalen([...args, "--json"], release);
  expect(code, stdout + stderr).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const wallet = () => join(place, "wallet");
const asMember = (...args: string[]) => galen([...args, "--url", nodes[0]!.url, "--wallet", wallet()]);

/** The state in a stopped node's folder. */
async function storedHeight(node: LabNode): Promise<number> {
  const kv = await openLevelStore(join(node.folder, "ledger"));
  const ledger = await openLedger({ kv, crypto, versions: ledgerVersions });
  await kv.close();
  return ledger.height;
}

async function signedHeader({ url }: LabNode, at: number): Promise<{ readonly hash: string; readonly version: number }> {
  const answer = (await (await fetch(`${url}/rpc/commit?height=${at}`)).json()) as CommitAnswer;
  const { header, commit } = answer.result.signed_header;
  return { hash: commit.block_id.hash, version: Number(header.version.app) };
}

interface CommitAnswer {
  readonly result: {
    readonly signed_header: {
      readonly header: { readonly version: { readonly app: string } };
      readonly commit: { readonly block_id: { readonly hash: string } };
    };
  };
}

/** Starts a node that no founder has, by state sync from a header, or by executing every block. */
async function joinNode(name: string, trusted?: number): Promise<LabNode> {
  const port = 28_400 + 10 * joined.length;
  const addresses = ["--http", `http://127.0.0.1:${port}`, "--p2p", `127.0.0.1:${port + 1}`];
  const header = trusted === undefined ? [] : ["--trust", `${trusted}:${(await signedHeader(nodes[0]!, trusted)).hash}`];
  const data = join(folder, name);
  await galen(["node", "join", join(place, "organisation-1", "founding.json"), "--data", data, ...addresses, ...header]);
  const node = createLabNode({ name, folder: data, url: `http://127.0.0.1:${port}`, place: loopback, validatorKey: "", trust });
  joined.push(node);
  await node.start(environment);
  return node;
}

async function hasOffered(node: LabNode): Promise<boolean> {
  const { account, sealingKey } = (await (await fetch(`${node.url}/v1/custodian`)).json()) as Record<"account" | "sealingKey", string>;
  try {
    return (await query<{ readonly sealingKey: string }>(node.client, "custody.offer", { account })).result.sealingKey === sealingKey;
  } catch (error) {
    if (error instanceof GalenError && error.id === "custody/KeyNotOffered") return false;
    throw error;
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gu-"));
  place = join(folder, "network");
  await galen(["network", "create", "--dir", place], older);
  const founding = spawnGalen(["network", "start", place, "--json"], older);
  await whenReady(founding);
  await galen(["network", "stop", place], older);
  expect((await founding.ended).code).toBe(0);
  const network = await openNetworkFolder(place);
  trust = trustOfGenesis(JSON.parse(await readFile(join(network.nodes[0]!.path, "genesis.json"), "utf8")) as Genesis, crypto);
  nodes = network.nodes.map(({ path, card: { content } }) => {
    const { name, http: url, validatorKey } = content;
    return createLabNode({ name, folder: path, url, place: loopback, validatorKey, trust });
  });
  await Promise.all(nodes.map((node) => node.start(older)));
  reading = await createReading(nodes[0]!.client, await actorOf({ wallet: await openWallet(network.wallet, PASSPHRASE) }, NAMES[0]!));
});
afterAll(async () => {
  await Promise.all([...nodes, ...joined].map((node) => node.kill()));
  await rm(folder, { recursive: true });
});

it("decides by the command line, when two nodes have the new release and two do not", async () => {
  from = Math.max(1, await greatestHeight(nodes));
  load = startLoad({ chainId: trust.chainId, nodes, perSecond: PER_SECOND });
  await asMember("verify", reading.objectIds[0]!, "--save", join(folder, "proof.json"));
  for (const node of nodes.slice(0, 2)) {
    expect(await node.stop()).toBe(0);
    await node.start(environment);
  }
  const now = await greatestHeight(nodes);
  height = now - (now % SNAPSHOT_INTERVAL) + BLOCKS_TO_DECIDE + SNAPSHOT_INTERVAL / 2;
  const terms = ["--height", String(height), "--version", String(NEW)];
  const { proposalId } = await asMember("governance", "propose", "upgrade", ...terms, "--as", NAMES[0]!);
  for (const name of NAMES.slice(1, 3)) await asMember("governance", "vote", String(proposalId), "--yes", "--as", name);
  expect(await galen(["network", "status", place])).toMatchObject({
    rules: { version: OLD, planned: { height, version: NEW } },
    agreement: { isSame: true },
    answeringPower: 4,
  });
  for (const { client } of nodes) await reading.read(client);
});

it("ends the nodes that lack the version before they execute a block too many, and they say why", async () => {
  for (const node of nodes.slice(2)) {
    expect(await node.ended()).toBe(1);
    expect(await readFile(join(node.folder, "node.log"), "utf8")).toContain(missingVersion(NEW));
    expect(await storedHeight(node)).toBe(height - 2);
    await expect(node.start(older)).rejects.toThrow(missingVersion(NEW));
  }
});

it("stands still between the versions, survives kill -9 there, and lets a node join", async () => {
  const ready = nodes.slice(0, 2);
  for (const node of ready) await expect.poll(() => node.height(), PATIENT).toBe(height - 1);
  for (const node of ready) await node.kill();
  for (const node of ready) expect(await storedHeight(node)).toBe(height - 1);
  await Promise.all(ready.map((node) => node.start(environment)));
  // From a snapshot of the old version: it meets the new one like the others.
  await joinNode("between", 5);
  expect(await Promise.all(ready.map((node) => node.height()))).toEqual([height - 1, height - 1]);
});

it("goes on when a third node has the version, also when one is killed in its first blocks, and takes in the fourth", async () => {
  const [, second, third, fourth] = nodes as [LabNode, LabNode, LabNode, LabNode];
  await third.start(environment);
  await expect.poll(() => second.height(), PATIENT).toBeGreaterThanOrEqual(height);
  await second.kill();
  await second.start(environment);
  await fourth.start(environment);
  await caughtUp([...nodes, ...joined]);
  for (const node of [...nodes, ...joined]) {
    expect((await signedHeader(node, height - 1)).version).toBe(OLD);
    expect((await signedHeader(node, height)).version).toBe(NEW);
    expect((await query(node.client, "governance.upgrade")).result).toEqual({ version: NEW });
  }
});

it("hands the collective key on by the new rules, to keys that the custodians have offered by themselves", async () => {
  const { custodyEpoch } = await status(nodes[0]!.client);
  for (const node of nodes) await expect.poll(() => hasOffered(node), PATIENT).toBe(true);
  await asMember("governance", "propose", "custodians", "--as", ...NAMES.slice(0, 3));
  for (const { client } of nodes) await expect.poll(async () => (await status(client)).custodyEpoch, PATIENT).toBe(custodyEpoch! + 1);
  for (const { client } of nodes) await reading.read(client);
});

it("has lost nothing, and what was proven before is proven", async () => {
  await load.finish(nodes[0]!);
  expect(load.acknowledged.length).toBeGreaterThan(height - from);
  await checkInvariants({ nodes, acknowledged: load.acknowledged, from, voters: nodes.map(({ validatorKey }) => validatorKey) });
  await galen(["verify", "--file", join(folder, "proof.json"), "--wallet", wallet()]);
  await asMember("verify", reading.objectIds[0]!);
  const [old, recent] = [load.acknowledged[0]!, load.acknowledged.at(-1)!];
  for (const { txHash } of [old, recent]) await asMember("verify", txHash);
});

it("takes in nodes afterwards, by state sync and block by block, and fills in the past of both versions", async () => {
  const next = height + SNAPSHOT_INTERVAL + 3; // then there is a snapshot under the new version
  await expect.poll(() => nodes[0]!.height(), PATIENT).toBeGreaterThan(next);
  const synced = await joinNode("synced", height);
  const replayed = await joinNode("replayed");
  await asMember("keys", "create", NEWCOMER, "--kind", "organisation");
  await asMember("governance", "propose", "admit-member", "--organisation", NEWCOMER, "--as", ...NAMES.slice(0, 3), NEWCOMER);
  await asMember("node", "register", "--as", NEWCOMER, "--data", synced.folder);
  const healing = async () => Object.values((await status(synced.client)).healing).map(({ state }) => state);
  await expect.poll(healing, PATIENT).toEqual(["complete", "complete"]);
  await caughtUp([...nodes, ...joined]);
  for (const node of [synced, replayed]) expect(await chainOf(node, 1, next)).toBe(await chainOf(nodes[0]!, 1, next));
  await reading.read(synced.client);
});

it("replays from its founding over both versions, at who was there and at who was not", async () => {
  const all = [...nodes, ...joined];
  expect(await Promise.all(all.map((node) => node.stop()))).toEqual(all.map(() => 0));
  for (const node of [nodes[3]!, ...joined.filter(({ name }) => name !== "between")])
    expect(await galen(["replay", "--data", node.folder])).toMatchObject({ equal: true });
});
