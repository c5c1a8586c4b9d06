import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { actorOf, openSession, type Session } from "@galen/cli/session";
import { defaultSettings, type Settings } from "@galen/ledger/modules/validators/settings";
import { type OwnAccount, submit } from "@galen/sdk";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type GalenNetwork, runGalen, startGalen } from "./galen-process.ts";

const TIMEOUT_MS = 120_000;
const HOSPITAL = "Testville General Hospital";
const passphrase = { GALEN_PASSPHRASE: "a passphrase of this test" };

let folder: string;
let network: GalenNetwork;
let session: Session;
let hospital: OwnAccount;

beforeAll(async () => {
  vi.stubEnv("GALEN_PASSPHRASE", passphrase.GALEN_PASSPHRASE);
  folder = await mkdtemp(join(tmpdir(), "galen-power-"));
  network = await startGalen(join(folder, "data"), ["--empty", "--organisation", HOSPITAL], passphrase);
  session = await openSession({ url: network.url, wallet: join(folder, "data", "wallet") });
  hospital = await actorOf(session, HOSPITAL);
}, TIMEOUT_MS);

afterAll(async () => {
  vi.unstubAllEnvs();
  await network.kill();
  await rm(folder, { recursive: true, force: true });
});

function galen(...args: readonly string[]) {
  return runGalen([...args, "--json"], { GALEN_URL: network.url, GALEN_WALLET: join(folder, "data", "wallet"), ...passphrase });
}

async function answer<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await galen(...args);
  expect(code, `${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return JSON.parse(stdout) as T;
}

interface Listed {
  readonly height: number;
  readonly nextEpochAt: number;
  readonly settings: Settings;
  readonly nodes: readonly { readonly name: string; readonly power: number; readonly targetPower: number; readonly solutions: number }[];
}

const tx = (type: string, value: object) => submit(session.client, { actors: [hospital], messages: [{ type, value }] });

/** The alliance of one decides, and transactions bring the next epoch. */
async function decide(policy: Settings["policy"]): Promise<Listed> {
  await tx("validators.setPolicy", { ...defaultSettings, epochBlocks: 8, policy });
  return untilEpoch(({ settings }) => settings.policy.kind === policy.kind);
}

/** Transactions make blocks, and blocks make epochs. */
async function untilEpoch(isReached: (listed: Listed) => boolean): Promise<Listed> {
  for (let epochs = 0; epochs < 3; epochs++) {
    const listed = await answer<Listed>("validators");
    if (isReached(listed)) return listed;
    let height = 0;
    while (height < listed.nextEpochAt) ({ height } = await tx("validators.fundRewards", { account: hospital.account, amount: 1 }));
  }
  throw new Error("the epoch did not come");
}

it("runs all four policies on one machine, with its one key, and never stops", { timeout: TIMEOUT_MS }, async () => {
  const founded = await answer<Listed>("validators");
  expect(founded).toMatchObject({ settings: { policy: { kind: "equal" }, admission: "closed" }, nodes: [{ name: HOSPITAL, power: 1 }] });
  await tx("tokens.register", { tokenKind: "shares" });
  await tx("tokens.mint", { tokenKind: "shares", account: hospital.account, amount: 10_000 });

  await answer("stake", "bond", "--as", HOSPITAL, "--amount", "300");
  expect(await decide({ kind: "stake", capBasisPoints: 10_000 })).toMatchObject({ nodes: [{ power: 1, targetPower: 1_000_000 }] });
  expect(await answer("stake", "unbond", "--as", HOSPITAL, "--amount", "100")).toMatchObject({ bonded: 200, leaving: [{ tokens: 100 }] });
  expect((await galen("stake", "withdraw", "--as", HOSPITAL)).stdout).toContain("validators/NothingDue");

  await answer("keys", "create", "Ann Testerly");
  const { account: ann } = (await answer<{ name: string; account: string }[]>("keys", "list")).find(({ name }) => name === "Ann Testerly")!;
  await tx("tokens.transfer", { tokenKind: "shares", sender: hospital.account, recipient: ann, amount: 50 });
  expect(await answer("delegate", "--as", "Ann Testerly", "--to", HOSPITAL, "--amount", "50")).toMatchObject({ bonded: 50 });
  expect(await decide({ kind: "delegated", seats: 3, power: "stake" })).toMatchObject({
    nodes: [{ totalStake: 250, targetPower: 1_000_000 }],
  });

  expect((await galen("mine", "--as", HOSPITAL, "--solutions", "1")).stdout).toContain("validators/NoPuzzle");
  const difficulty = { difficulty: 5_000, windowEpochs: 12, solutionsPerEpoch: 24 };
  await decide({ kind: "work", ...difficulty, founderBasisPoints: 0, fadeEpochs: 1 });
  const mined = await answer<{ solutions: number; hashes: number }>(
    "mine",
    "--as",
    HOSPITAL,
    "--solutions",
    "20",
    "--seconds",
    "30",
    "--threads",
    "2",
  );
  expect(mined.solutions).toBe(20);
  expect(mined.hashes).toBeGreaterThan(20_000);
  expect((await untilEpoch(({ nodes }) => nodes[0]!.targetPower > 0)).nodes[0]).toMatchObject({ solutions: 20, power: 1 });

  expect((await decide({ kind: "equal" })).nodes).toMatchObject([{ power: 1, targetPower: 1_000_000 }]);
  expect(await network.stop()).toBe(0);
  const { code, stdout } = await runGalen(["replay", "--data", join(folder, "data"), "--json"]);
  expect(code, stdout).toBe(0);
});
