import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultParameters } from "@galen/ledger/app/parameters";
import { startTestNetwork, type TestNetwork } from "@galen/node/testing/test-network";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createProgram } from "../program.ts";
import { accountFromWords } from "../wallet/entry.ts";
import { addFreshKeys, createWallet } from "../wallet/wallet.ts";

const PASSPHRASE = "between us";
/** The last version under which an ended chain takes no other successor. */
const VERSION = 3;

let network: TestNetwork;
let folder: string;
const wallet = () => join(folder, "wallet");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-handover-"));
  const { words, kind } = await addFreshKeys(await createWallet(wallet(), PASSPHRASE), { name: "House", kind: "organisation" });
  const { creation } = await accountFromWords(words, kind);
  const genesis = (validator: string) => ({
    chainId: "ending",
    genesisTime: Date.now(),
    version: VERSION,
    validators: [{ publicKey: validator, power: 1 }],
    parameters: defaultParameters,
    modules: { governance: { members: [creation.value], decision: { numerator: 2, denominator: 3 } } },
  });
  network = await startTestNetwork({ custodian: "off" }, { genesis });
  vi.stubEnv("GALEN_PASSPHRASE", PASSPHRASE);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await network.close();
  await rm(folder, { recursive: true });
});

/** What `galen handover announce` answers for a network of this name. */
async function announce(chainId: string, save: string): Promise<unknown> {
  const successor = join(folder, `${chainId}.json`);
  await writeFile(
    successor,
    JSON.stringify({ chainId, validators: [{ publicKey: "ab".repeat(32), power: 1 }], parameters: defaultParameters }),
  );
  const [told, warned] = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write").mockReturnValue(true));
  const flags = ["--as", "House", "--save", save, "--url", network.node.url, "--wallet", wallet(), "--json"];
  await (await createProgram(["handover"])).parseAsync(["handover", "announce", successor, ...flags], { from: "user" });
  const text = told!.mock.calls.map(([chunk]) => String(chunk)).join("");
  for (const stream of [told!, warned!]) stream.mockRestore();
  process.exitCode = undefined;
  return JSON.parse(text);
}

it("an ended chain proves its successor again, and no other one", async () => {
  const save = join(folder, "proof.json");
  expect(await announce("second", save)).toMatchObject({ chainId: "second", proof: save });
  expect(await announce("second", save)).toMatchObject({ chainId: "second" });
  const none = join(folder, "none.json");
  expect(await announce("third", none)).toMatchObject({ error: { id: "cli/OtherSuccessor", details: { chainId: "second" } } });
  await expect(readFile(none)).rejects.toThrow("ENOENT");
});
