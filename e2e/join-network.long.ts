import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, status } from "@galen/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { installCometbft } from "../scripts/cometbft.ts";
import { runGalen, spawnGalen, whenReady } from "./galen-process.ts";

const PATIENCE_MS = 120_000;
const NAMES = [1, 2, 3, 4].map((number) => `Organisation ${number}`);
const NEWCOMER = "House 5";

const environment = {
  GALEN_PASSPHRASE: "between us",
  GALEN_COMETBFT_BINARY: await installCometbft(),
  GALEN_SNAPSHOT_INTERVAL_BLOCKS: "10",
  GALEN_COMETBFT_EMPTY_BLOCK_INTERVAL_MS: "500",
};

let folder: string;
let place: string;
let network: ReturnType<typeof spawnGalen>;
let url: string;
let founders: readonly string[];
const stops: (() => Promise<unknown>)[] = [];

async function galen(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runGalen([...args, "--json"], environment);
  expect(code, stdout + stderr).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const asMember = (...args: string[]) => galen(...args, "--url", url, "--wallet", join(place, "wallet"));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gj-"));
  place = join(folder, "network");
  await galen("network", "create", "--dir", place);
  network = spawnGalen(["network", "start", place, "--json"], environment);
  const { nodes } = (await whenReady(network)) as { readonly nodes: readonly { readonly url: string }[] };
  founders = nodes.map((node) => node.url);
  url = founders[0]!;
});
afterAll(async () => {
  for (const stop of stops) await stop();
  network.process.kill("SIGTERM");
  await network.ended;
  await rm(folder, { recursive: true });
});

/** Starts a joined node on ports of its own, and resolves with its address when it has come as far as the others. */
async function startJoined(name: string, port: number, trust?: string): Promise<{ readonly data: string; readonly url: string }> {
  const data = join(folder, name);
  const founding = join(place, "organisation-1", "founding.json");
  const addresses = ["--http", `http://127.0.0.1:${port}`, "--p2p", `127.0.0.1:${port + 1}`];
  await galen("node", "join", founding, "--data", data, ...addresses, ...(trust === undefined ? [] : ["--trust", trust]));
  const args = ["start", "--config", join(data, "galen.config.json"), "--data", data, "--port", String(port), "--json"];
  const node = spawnGalen(args, environment);
  stops.push(() => {
    node.process.kill("SIGTERM");
    return node.ended;
  });
  await whenReady(node);
  const joined = { data, url: `http://127.0.0.1:${port}` };
  await reach(joined.url, (await status(createClient({ url }))).height);
  return joined;
}

async function reach(at: string, height: number): Promise<void> {
  const client = createClient({ url: at });
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(200)) {
    const reached = await status(client).then(
      (said) => said.height,
      () => 0,
    );
    if (reached >= height) return;
  }
  throw new Error(`${at} does not reach height ${height}`);
}

/** A header as `--trust` takes it. */
async function headerAt(height: number): Promise<string> {
  const answer = await (await fetch(`${url}/rpc/commit?height=${height}`)).json();
  const { result } = answer as {
    readonly result: { readonly signed_header: { readonly commit: { readonly block_id: { readonly hash: string } } } };
  };
  return `${height}:${result.signed_header.commit.block_id.hash}`;
}

/** How status calls an organisation of whom it knows the account only. */
async function shortAccountOf(name: string): Promise<string> {
  const entries = (await asMember("keys", "list")) as unknown as readonly { readonly name: string; readonly account: string }[];
  return `${entries.find((entry) => entry.name === name)!.account.slice(0, 12)}…`;
}

/** Place of the share that the node's custodian holds; null without one. */
async function heldBy(at: string): Promise<number | null> {
  return ((await (await fetch(`${at}/v1/custodian`)).json()) as { readonly index: number | null }).index;
}

interface Custody {
  readonly epoch: number;
  readonly custodians: number;
  readonly organisations: readonly string[];
}

async function custodyAt(at: string): Promise<Custody> {
  return (await galen("network", "status", "--url", at)).custody as Custody;
}

/** Lets the founders decide to hand the key to the custodians at their nodes and at another one. Resolves with who holds it then. */
async function handOn(to: string): Promise<Custody> {
  const { epoch } = await custodyAt(url);
  let { state, proposalId } = await asMember("governance", "propose", "custodians", "--nodes", ...founders, to, "--as", ...NAMES);
  // What was decided waits for what the custodian of a machine that has just come has yet to offer.
  for (const deadline = Date.now() + PATIENCE_MS; state !== "executed" && Date.now() < deadline; await sleep(500)) {
    const again = await runGalen(
      ["governance", "execute", String(proposalId), "--as", NAMES[0]!, "--url", url, "--wallet", join(place, "wallet"), "--json"],
      environment,
    );
    if (again.code !== 0) expect(again.stdout).toContain("custody/KeyNotOffered");
    else ({ state, proposalId } = JSON.parse(again.stdout) as Record<string, unknown>);
  }
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(500)) {
    const custody = await custodyAt(url);
    if (custody.epoch > epoch) return custody;
  }
  throw new Error("the key was not handed on");
}

it("takes in a node by state sync and another by executing every block, and lets an organisation register and exchange them", async () => {
  await reach(url, 25);
  const synced = await startJoined("synced", 28_200, await headerAt(5));
  const replayed = await startJoined("replayed", 28_300);

  await asMember("keys", "create", NEWCOMER, "--kind", "organisation");
  const decided = await asMember(
    "governance",
    "propose",
    "admit-member",
    "--organisation",
    NEWCOMER,
    "--as",
    ...NAMES.slice(0, 3),
    NEWCOMER,
  );
  expect(decided).toBeDefined();
  const { key } = await asMember("node", "register", "--as", NEWCOMER, "--data", synced.data);
  const listed = await asMember("validators");
  expect(JSON.stringify(listed)).toContain(key);
  const first = await handOn(synced.url);
  expect([first.custodians, new Set(first.organisations).size]).toEqual([5, 5]);
  expect(first.organisations).toContain(await shortAccountOf(NEWCOMER));

  const replaced = await asMember("node", "replace", "--as", NEWCOMER, "--data", replayed.data);
  expect(replaced.key).not.toBe(key);
  expect(JSON.stringify(await asMember("validators"))).toContain(replaced.key);
  expect((await handOn(replayed.url)).organisations.toSorted()).toEqual(first.organisations.toSorted());
  expect(await heldBy(replayed.url)).not.toBeNull();
  expect(await heldBy(synced.url)).toBeNull();
  await asMember("node", "leave", "--as", NEWCOMER);

  const all = await galen("network", "status", "--url", synced.url);
  expect(all).toMatchObject({ agreement: { isSame: true } });
  // The newcomer has power or has given it up, as an epoch has ended meanwhile or not.
  expect(3 * Number(all.answeringPower)).toBeGreaterThan(2 * Number(all.totalPower));
  expect(await readFile(join(synced.data, "genesis.json"), "utf8")).toBe(await readFile(join(replayed.data, "genesis.json"), "utf8"));
});
