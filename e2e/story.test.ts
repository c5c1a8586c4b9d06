import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { outsideBytes, outsideFiles } from "@galen/ledger/testing/outside-data";
import { expect, it } from "vitest";

const STORY = fileURLToPath(new URL("story.ts", import.meta.url));
const PATIENTS = 3;

async function tell(...options: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [STORY, ...options, "--json"]);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** For patients of at most 64 documents each: one with more has a further log entry for each 64 of them. */
function expectWhole(report: Record<string, unknown>, patients: number): void {
  const refusals = ["CredentialMissing", "CredentialSuspended", "GrantExhausted", "GrantExpired", "GrantNotYet", "GrantRevoked"];
  const others = ["NoGrant", "NotMember", "WrongCompartment", "WrongPurpose"];
  expect(report).toMatchObject({
    patients,
    resourcesEqualOut: report.resourcesIn,
    grants: 6 * patients,
    readsAllowed: 2 * patients,
    readsRefused: Object.fromEntries([...refusals, ...others].map((reason) => [reason, patients])),
    releasesLogged: 12 * patients,
    proofsVerified: 5 * patients,
    proofsRefused: 30 * patients,
    filesRefused: 0,
  });
}

it("tells the whole story over generated bundles without a mismatch", { timeout: 300_000 }, async () => {
  expectWhole(await tell("--patients", String(PATIENTS)), PATIENTS);
});

const LARGEST = 2;
const real = outsideFiles("fhir/synthea-patients")
  .map((file) => ({ name: basename(file), bytes: outsideBytes(file)! }))
  .toSorted((a, b) => b.bytes.length - a.bytes.length)
  .slice(0, LARGEST);

it.skipIf(real.length === 0)(`tells it over the largest of the real bundles (${real.length} files)`, { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "galen-story-"));
  try {
    for (const { name, bytes } of real) await writeFile(join(folder, name), bytes);
    const report = await tell("--data", folder);
    expectWhole(report, real.length);
    expect(report.resourcesIn).toBeGreaterThan(400);
  } finally {
    await rm(folder, { recursive: true });
  }
});
