import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { accountKeys, type Client, createClient, listGrants, type OwnAccount, ownAccount, status, submit, webRandom } from "@galen/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ask, createGrantLoad, type GivenGrant, type GrantLoad } from "./grant-load.ts";
import type { OpenCommand } from "./kill-node.ts";
import { type NodeProcess, startNodeProcess } from "./node-process.ts";
import { expectSoundChain } from "./sound-chain.ts";

const KILLS = 200;
const LONGEST_LOAD_MS = 250;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-kill-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const account = (kind?: "organisation") => ownAccount(accountKeys(webRandom(64), 0), kind);

it(`loses nothing that it acknowledged when it is killed ${KILLS} times under load`, { timeout: 1_200_000 }, async () => {
  const founder = await account("organisation");
  const [reader, ...owners] = await Promise.all(Array.from({ length: 5 }, () => account()));
  const command = { dataFolder: join(folder, "data"), founder: founder.creation.value };
  const compileCache = join(folder, "compiled");
  const open = async (node: NodeProcess) => {
    await node.loaded;
    return (await node.open(command))!;
  };

  const first = startNodeProcess(compileCache);
  const client = createClient({ url: (await open(first)).url });
  const people = [reader!, ...owners];
  await submit(client, { actors: people, messages: people.map(({ creation }) => creation) });
  // In peace, so that it leaves its compiled code to those that are killed.
  await first.stop();

  const load = createGrantLoad(client, owners, reader!);
  await killUnderLoad({ command, compileCache, load });

  const last = startNodeProcess(compileCache);
  const { url } = await open(last);
  await load.finish(url);
  const acknowledged = load.acknowledged.map(({ grantId }) => grantId).toSorted();
  expect(acknowledged.length).toBeGreaterThan(KILLS / 3);
  expect(new Set(acknowledged).size).toBe(acknowledged.length);
  expect(await grantsInReadModel(createClient({ url }), owners)).toEqual(acknowledged);
  await last.stop();

  for (const suffix of ["", "-shm", "-wal"]) await rm(join(command.dataFolder, `index.sqlite${suffix}`), { force: true });
  const rebuilt = startNodeProcess(compileCache);
  expect(await grantsInReadModel(createClient({ url: (await open(rebuilt)).url }), owners)).toEqual(acknowledged);
  await rebuilt.stop();
  await expectSoundChain(command.dataFolder);
});

/** A third of the kills come while the node opens, a third in its first moments under load, a third after it has acknowledged something. */
async function killUnderLoad(options: {
  readonly command: OpenCommand;
  readonly compileCache: string;
  readonly load: GrantLoad;
}): Promise<void> {
  const { command, compileCache, load } = options;
  let next = startNodeProcess(compileCache);
  let [height, checked, openingMs] = [0, 0, 1_000];
  for (let kills = 0; kills < KILLS; kills++) {
    const node = next;
    await node.loaded;
    next = startNodeProcess(compileCache);
    const startedAt = performance.now();
    if (kills % 3 === 0) void sleep(Math.random() * openingMs).then(() => node.kill());
    const opened = await node.open(command);
    if (opened) {
      openingMs = performance.now() - startedAt;
      expect(opened.height).toBeGreaterThanOrEqual(height);
      height = opened.height;
      void killLater(node, load, kills % 3 === 1);
      const [found] = await Promise.all([countFound(opened.url, load.acknowledged.slice(checked)), load.sendTo(opened.url)]);
      checked += found;
    }
    await node.kill();
  }
  await next.kill();
}

async function killLater(node: NodeProcess, load: GrantLoad, isEarly: boolean): Promise<void> {
  const { length } = load.acknowledged;
  while (!isEarly && load.acknowledged.length === length) await sleep(1);
  await sleep(Math.random() * LONGEST_LOAD_MS);
  await node.kill();
}

/** How many of the transactions the node gave as executed before it was cut off; one that it does not have fails the test. */
async function countFound(url: string, grants: readonly GivenGrant[]): Promise<number> {
  for (const [index, { txHash }] of grants.entries()) {
    const answer = await ask(`${url}/v1/transactions/${txHash}`);
    if (answer === undefined) return index;
    expect(answer).toMatchObject({ status: 200, body: { txHash, code: 0 } });
  }
  return grants.length;
}

/** Ids of all grants, when the read model has caught up with the chain. */
async function grantsInReadModel(client: Client, owners: readonly OwnAccount[]): Promise<string[]> {
  for (let isBehind = true; isBehind; ) {
    const { height, indexedHeight } = await status(client);
    isBehind = indexedHeight < height;
    if (isBehind) await sleep(20);
  }
  const ids: unknown[] = [];
  for (const owner of owners) {
    for (let before: number | null | undefined; before !== null; ) {
      const page = await listGrants(client, { of: { owner: owner.account }, as: owner, limit: 500, before });
      ids.push(...page.items.map(({ grantId }) => grantId));
      before = page.next;
    }
  }
  return (ids as string[]).toSorted();
}
