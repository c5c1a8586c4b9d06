import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const STORY = fileURLToPath(new URL("story.ts", import.meta.url));
const PATIENTS = 3;

it("tells the whole story over generated bundles without a mismatch", { timeout: 300_000 }, async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [STORY, "--patients", String(PATIENTS), "--json"]);
  expect(stderr).toBe("");
  const report = JSON.parse(stdout) as Record<string, unknown>;
  const refusals = ["CredentialMissing", "CredentialSuspended", "GrantExhausted", "GrantExpired", "GrantNotYet", "GrantRevoked"];
  const others = ["NoGrant", "NotMember", "WrongCompartment", "WrongPurpose"];
  expect(report).toMatchObject({
    patients: PATIENTS,
    resourcesEqualOut: report.resourcesIn,
    grants: 6 * PATIENTS,
    readsAllowed: 2 * PATIENTS,
    readsRefused: Object.fromEntries([...refusals, ...others].map((reason) => [reason, PATIENTS])),
    releasesLogged: 12 * PATIENTS,
    proofsVerified: 5 * PATIENTS,
    proofsRefused: 30 * PATIENTS,
    filesRefused: 0,
  });
});
