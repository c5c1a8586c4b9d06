import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMovableClock, type MovableClock } from "./clock/movable-clock.ts";
import { type GalenNetwork, type GalenRun, runGalen } from "./galen-process.ts";
import { startTown } from "./sample-town.ts";

const TIMEOUT_MS = 300_000;
const DAY_MS = 86_400_000;
const [OWNER, ANN, BOB] = ["Alwen Sampleton", "Brisa Testerly", "Corvin Mockridge"] as const;
/** Gives an account of theirs the keys of the owner. */
const DECOY = "Liorel Synthern";

let folder: string;
let clock: MovableClock;
let network: GalenNetwork;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-cli-recovery-"));
  clock = await createMovableClock(folder);
  network = await startTown(join(folder, "data"), clock.environment);
}, TIMEOUT_MS);
afterAll(async () => {
  await network.kill();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a verb in the town's wallet, or in another folder's. */
function galen(args: readonly string[], wallet = join(folder, "data", "wallet")): Promise<GalenRun> {
  const environment = { GALEN_URL: network.url, GALEN_WALLET: wallet, GALEN_FILE_PASSPHRASE: "for the file", ...clock.environment };
  return runGalen([...args, "--json"], wallet.endsWith("new") ? { ...environment, GALEN_PASSPHRASE: "of the new one" } : environment);
}

async function answer<T>(args: readonly string[], wallet?: string): Promise<T> {
  const { code, stdout, stderr } = await galen(args, wallet);
  expect(code, stdout + stderr).toBe(0);
  return JSON.parse(stdout) as T;
}

async function refusal(args: readonly string[], wallet?: string): Promise<string> {
  const { code, stdout } = await galen(args, wallet);
  expect([1, 2], stdout).toContain(code);
  return (JSON.parse(stdout) as { error: { id: string } }).error.id;
}

describe("at the command line", { timeout: TIMEOUT_MS }, () => {
  it("guardians give an account new keys, and its records open again", async () => {
    const fresh = join(folder, "new");
    const terms = ["--threshold", "2", "--delay", "2d", "--as", OWNER];
    await answer(["guardians", "set", "--guardian", ANN, BOB, ...terms]);
    const { account } = await answer<{ account: string }>(["guardians", "show", OWNER]);
    expect(await answer(["guardians", "list", "--as", ANN])).toMatchObject([{ name: OWNER, account }]);

    expect(await refusal(["recovery", "begin", "Again", "--account", OWNER])).toBe("cli/KeysKnown");
    const { account: unguarded } = await answer<{ account: string }>(["guardians", "show", DECOY]);
    expect(await refusal(["recovery", "begin", DECOY, "--account", unguarded], fresh)).toBe("cli/NoGuardians");
    const { code, digits } = await answer<{ code: string; digits: string }>(["recovery", "begin", OWNER, "--account", account], fresh);
    expect(await refusal(["recovery", "help", code, "--digits", "0000 0000", "--as", ANN])).toBe("cli/OtherDigits");
    expect(await refusal(["recovery", "help", `${code}0`, "--digits", digits, "--as", ANN])).toBe("cli/NoRecoveryCode");
    expect(await answer(["recovery", "help", code, "--digits", digits, "--as", ANN])).toMatchObject({ approved: 1 });
    expect(await answer(["recovery", "show", OWNER])).toMatchObject({ threshold: 2, open: [{ digits }], running: null });
    expect(await refusal(["recovery", "finish", "--as", OWNER], fresh)).toBe("cli/NotRecovered");

    await answer(["recovery", "help", code, "--digits", digits, "--as", BOB]);
    await answer(["recovery", "cancel", "--as", OWNER]);
    for (const guardian of [ANN, BOB]) await answer(["recovery", "help", code, "--digits", digits, "--as", guardian]);
    await answer(["recovery", "withdraw", OWNER, "--as", ANN]);
    expect(await answer(["recovery", "show", OWNER])).toMatchObject({ running: null });
    await answer(["recovery", "help", code, "--digits", digits, "--as", ANN]);
    expect(await answer(["recovery", "show", OWNER])).toMatchObject({ running: { dueAt: expect.any(Number) } });

    await clock.setAhead(network, 2 * DAY_MS + 60_000);
    await answer(["keys", "create", "Time has passed"], fresh);
    const { documents } = await answer<{ documents: number }>(["recovery", "finish", "--as", OWNER], fresh);
    expect(documents).toBeGreaterThan(3);
    const records = await answer<{ objectId: string }[]>(["records", "list", "--as", OWNER], fresh);
    expect(records).toHaveLength(documents);
    const shown = await answer<{ resourceType: string }>(["records", "show", records[0]!.objectId, "--as", OWNER], fresh);
    expect(shown.resourceType).toBe("Bundle");
    expect(await refusal(["guardians", "remove", "--as", OWNER])).toBe("tx/Unauthorised");

    const { words } = await answer<{ words: string }>(["keys", "export", OWNER], fresh);
    const restored = ["keys", "import", "By the words alone", ...words.split(" ")];
    expect(await answer(restored, join(folder, "words-new"))).toMatchObject({ account, created: false });
    expect(await answer([...restored, "--local"], join(folder, "local-new"))).not.toMatchObject({ account });

    const { result } = await answer<{ result: { keys: unknown; threshold: number; recordKey: string } }>([
      "query",
      "accounts.account",
      "--account",
      account,
    ]);
    const { keys, threshold, recordKey } = result;
    const { account: decoy } = await answer<{ account: string }>(["guardians", "show", DECOY]);
    const value = JSON.stringify({ account: decoy, keys, threshold, recordKey });
    await answer(["tx", "accounts.rotateKeys", "--as", DECOY, "--value", value]);
    expect(await refusal(restored, join(folder, "several-new"))).toBe("cli/SeveralAccounts");
    const named = [...restored, "--account", account];
    expect(await answer(named, join(folder, "several-new"))).toMatchObject({ account, created: false });

    const file = ["--file", join(folder, "keys.json")];
    await answer(["keys", "export", OWNER, ...file], fresh);
    expect(await answer(["keys", "import", "On another device", ...file], join(folder, "other-new"))).toMatchObject({
      account,
      created: false,
    });
  });

  it("an owner lets somebody act, sees it from both sides, and takes it back", async () => {
    await answer(["delegation", "give", "--to", ANN, "--scope", "records.read", "log.read", "--until", "30d", "--as", BOB]);
    const terms = { ownerName: BOB, delegateName: ANN, scopes: ["records.read", "log.read"], ground: "chosen" };
    for (const name of [ANN, BOB]) expect(await answer(["delegation", "list", "--as", name])).toMatchObject([terms]);
    expect(await refusal(["delegation", "give", "--to", ANN, "--scope", "everything", "--as", BOB])).toBe("cli/BadValue");
    await answer(["delegation", "end", ANN, "--as", BOB]);
    expect(await answer(["delegation", "list", "--as", ANN])).toEqual([]);
    await answer(["delegation", "give", "--to", ANN, "--scope", "vault.grant", "--as", BOB]);
    await answer(["delegation", "end", "--owner", BOB, "--as", ANN]);
    expect(await answer(["delegation", "list", "--as", BOB])).toEqual([]);
  });
});
