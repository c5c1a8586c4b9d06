import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { accountKeys, createClient, type GalenError, ownAccount, query, submit, webRandom } from "@galen/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runGalen, spawnGalen, startGalen, whenReady } from "./galen-process.ts";
import { missingVersion, olderRelease } from "./older-release/older-release.ts";

// The same in a network of four, under load: upgrade.long.ts.

const [OLD, NEW] = ledgerVersions.slice(-2).map(({ number }) => number) as [number, number];
const environment = { GALEN_PASSPHRASE: "between us" };
const older = { ...environment, ...olderRelease(OLD) };
const HOUSE = "Founder";
const AHEAD = 10;

/** Makes a block. Gives why it was not made. */
async function createPerson(url: string): Promise<string> {
  const person = await ownAccount(accountKeys(webRandom(64), 0));
  return submit(createClient({ url }), { actors: [person], messages: [person.creation] }).then(
    () => "done",
    ({ id }: GalenError) => id,
  );
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-upgrade-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("ends a node that lacks the decided version before its height, with the reason, and goes on with a release that has it", {
  timeout: 180_000,
}, async () => {
  const start = ["start", "--data", folder, "--port", "0", "--empty", "--json"];
  const first = spawnGalen(start, older);
  const { url } = (await whenReady(first)) as { readonly url: string };
  const { height: now } = await query(createClient({ url }), "governance.upgrade");
  const height = now + AHEAD;
  const terms = ["--height", String(height), "--version", String(NEW), "--as", HOUSE, "--url", url, "--wallet", join(folder, "wallet")];
  const decided = await runGalen(["governance", "propose", "upgrade", ...terms, "--json"], older);
  expect(decided.code, decided.stdout + decided.stderr).toBe(0);
  // Who has the newer release already sees how the network stands.
  const seen = await runGalen(["network", "status", "--url", url, "--json"], environment);
  expect(JSON.parse(seen.stdout)).toMatchObject({
    rules: { version: OLD, planned: { height, version: NEW } },
    agreement: { isSame: true },
  });
  while ((await createPerson(url)) === "done");
  const ended = await first.ended;
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining(missingVersion(NEW)) });
  expect(ended.stderr).toContain("a ledger version that this release does not know"); // told when it was decided
  const again = spawnGalen(start, older);
  expect(await createPerson(((await whenReady(again)) as { readonly url: string }).url)).not.toBe("done");
  expect(await again.ended).toMatchObject({ code: 1 });

  const upgraded = await startGalen(folder, ["--empty"], environment);
  expect(await createPerson(upgraded.url)).toBe("done");
  expect(await createPerson(upgraded.url)).toBe("done");
  expect((await query(createClient({ url: upgraded.url }), "governance.upgrade")).result).toEqual({ version: NEW });
  expect(await upgraded.stop()).toBe(0);
  const replay = await runGalen(["replay", "--data", folder, "--json"], environment);
  expect(JSON.parse(replay.stdout)).toMatchObject({ equal: true });
  expect(JSON.parse(replay.stdout).heights).toBeGreaterThanOrEqual(height);
});
