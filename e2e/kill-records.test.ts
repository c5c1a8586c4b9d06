import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureCollectiveKey } from "@galen/cli/start/collective-key";
import { accountKeys, auditCustodian, type Client, createClient, ownAccount, submit, webRandom } from "@galen/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type NodeProcess, startNodeProcess } from "./node-process.ts";
import { createRecordLoad } from "./record-load.ts";
import { expectSoundChain } from "./sound-chain.ts";

const KILLS = 20;
const LONGEST_LIFE_MS = 1_500;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-kill-records-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Where the node is that serves by then; undefined while none does. */
interface Place {
  url: string | undefined;
}

/** A client of whichever node is at the place; it waits for one. */
function clientAt(place: Place): Client {
  return createClient({
    url: "http://node.test",
    async fetch(input, init) {
      const { pathname, search } = new URL(new Request(input).url);
      while (place.url === undefined) await sleep(10);
      return fetch(place.url + pathname + search, init);
    },
  });
}

it(`keeps every document, and every reading in the log, when it is killed ${KILLS} times`, { timeout: 300_000 }, async () => {
  const [author, patient, reader] = await Promise.all(
    (["organisation", "person", "person"] as const).map((kind) => ownAccount(accountKeys(webRandom(64), 0), kind)),
  );
  const command = { dataFolder: join(folder, "data"), founder: author!.creation.value };
  const place: Place = { url: undefined };
  const start = async () => {
    const node = startNodeProcess(join(folder, "compiled"));
    await node.loaded;
    place.url = (await node.open(command))!.url;
    return node;
  };
  const killSoon = async (node: NodeProcess) => {
    await sleep(Math.random() * LONGEST_LIFE_MS);
    await node.kill();
    place.url = undefined;
  };

  let node = await start();
  const client = clientAt(place);
  await submit(client, { actors: [patient!, reader!], messages: [patient!.creation, reader!.creation] });
  await ensureCollectiveKey(client, [author!]);
  const load = await createRecordLoad(client, { author: author!, patient: patient!, reader: reader! });
  for (let kills = 0; kills < KILLS; kills++) {
    await killSoon(node);
    node = await start();
  }
  await load.end();

  const { filed, released } = load.counts();
  expect(Math.min(filed, released)).toBeGreaterThan(KILLS / 2);
  expect(await load.missing(client)).toEqual([]);
  const { entries, findings } = await auditCustodian(client, client);
  expect(findings).toEqual([]);
  expect(entries).toBeGreaterThanOrEqual(released);
  await node.stop();
  await expectSoundChain(command.dataFolder);
});
