import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type GalenNetwork, startGalen } from "../e2e/galen-process.ts";

const TIMEOUT_MS = 120_000;

let folder: string;
let network: GalenNetwork;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-examples-"));
  network = await startGalen(join(folder, "data"), ["--empty"], { GALEN_PASSPHRASE: "of the examples" });
}, TIMEOUT_MS);

afterAll(async () => {
  await network.kill();
  await rm(folder, { recursive: true, force: true });
});

it.each([
  ["01-seal-and-read.ts", "Slept badly since the new tablets.\n"],
  [
    "02-grant-and-log.ts",
    "read 1: Haemoglobin 13.9 g/dl\nread 2: Haemoglobin 13.9 g/dl\nread 3: release/GrantExhausted\n" +
      "log 2: TREAT GrantExhausted\nlog 1: TREAT released\nlog 0: TREAT released\n",
  ],
  [
    "03-verify-offline.ts",
    /^header \d+ of galen-\w+ is signed by 1 of 1 trusted validators\nkey accounts\/records\/… is present .*\nchanged: GalenError\n$/,
  ],
  ["04-fhir-in-and-out.ts", "2 documents, 2 of them on file when they came again\n3 of 3 resources equal, 0 differences\n"],
])("%s does what it says", { timeout: TIMEOUT_MS }, async (program, expected) => {
  const env = { ...process.env, GALEN_URL: network.url };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, program)], { env });
  expect(stderr).toBe("");
  if (typeof expected === "string") expect(stdout).toBe(expected);
  else expect(stdout).toMatch(expected);
});
