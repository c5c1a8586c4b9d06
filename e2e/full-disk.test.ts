import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountKeys, createClient, ownAccount, submit, webRandom } from "@galen/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { spawnGalen, startGalen, whenReady } from "./galen-process.ts";
import { ask, createGrantLoad } from "./grant-load.ts";
import { expectSoundChain } from "./sound-chain.ts";

/** Files that may not grow beyond 4 MB: a full disk fails the same write calls. */
const LITTLE_ROOM = {
  command: (program: string, args: readonly string[]) => ({
    program: "bash",
    args: ["-c", `trap '' XFSZ; ulimit -f 4096; exec "$0" "$@"`, program, ...args],
  }),
};

const PASSPHRASE = { GALEN_PASSPHRASE: "a long enough one" };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-full-disk-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("a node on a full disk refuses, says why and ends, and goes on with all that it acknowledged", { timeout: 180_000 }, async () => {
  const dataFolder = join(folder, "data");
  const full = spawnGalen(["start", "--data", dataFolder, "--port", "0", "--json", "--empty"], PASSPHRASE, LITTLE_ROOM);
  const { url } = (await whenReady(full)) as { readonly url: string };
  const [reader, ...owners] = await Promise.all(Array.from({ length: 5 }, () => ownAccount(accountKeys(webRandom(64), 0))));
  const people = [reader!, ...owners];
  const client = createClient({ url });
  await submit(client, { actors: people, messages: people.map(({ creation }) => creation) });

  const load = createGrantLoad(client, owners, reader!);
  await expect(load.sendTo(url)).rejects.toThrow(/503 .*engine\/StorageFailed/);
  const { code, stderr } = await full.ended;
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/StorageFailed|make room/) });
  expect(load.acknowledged.length).toBeGreaterThan(100);

  const again = await startGalen(dataFolder, [], PASSPHRASE);
  for (const { txHash } of load.acknowledged) {
    expect(await ask(`${again.url}/v1/transactions/${txHash}`)).toMatchObject({ status: 200, body: { txHash, code: 0 } });
  }
  await load.finish(again.url);
  expect(await again.stop()).toBe(0);
  await expectSoundChain(dataFolder);
});
