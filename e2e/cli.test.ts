import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { actorOf, openSession } from "@galen/cli/session";
import { generatePatientBundle } from "@galen/cli/town/synthetic-patients/generate-patient-bundle";
import { compareBundles, type JsonObject, readJson } from "@galen/gateway";
import { fileDocuments } from "@galen/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GalenNetwork, type GalenRun, runGalen, spawnGalen, startGalen } from "./galen-process.ts";

const TIMEOUT_MS = 300_000;
const PATIENT = "Brisa Testerly";
const DOCTOR = "Dr. Alwen Demowright";
const HOSPITAL = "Sampleton General Hospital";

let folder: string;
let network: GalenNetwork;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-cli-"));
  network = await startGalen(join(folder, "data"));
}, TIMEOUT_MS);

afterAll(async () => {
  await network.kill();
  await rm(folder, { recursive: true, force: true });
});

function galen(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<GalenRun> {
  return runGalen(args, { GALEN_URL: network.url, GALEN_WALLET: join(folder, "data", "wallet"), ...environment });
}

/** Runs a verb that must succeed, and gives what it printed as JSON. */
async function answer<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await galen([...args, "--json"]);
  expect(stderr, args.join(" ")).toBe("");
  expect(code, stdout).toBe(0);
  return JSON.parse(stdout) as T;
}

/** Runs a verb that must be refused, and gives the refusal. */
async function refusal(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { code, stdout } = await galen([...args, "--json"], environment);
  expect(code, stdout).toBe(1);
  return (JSON.parse(stdout) as { error: { id: string; sentence: string; details: Record<string, unknown> } }).error;
}

async function documentsOnFile(owner: string): Promise<number> {
  const response = await fetch(`${network.url}/v1/query/records.ofOwner?owner=${owner}&limit=1`);
  return ((await response.json()) as { result: { total: number } }).result.total;
}

describe("the first minute", { timeout: TIMEOUT_MS }, () => {
  it("finds a town with a counter-party for every role", async () => {
    const inhabitants = await answer<{ part: string }[]>("town");
    expect(inhabitants.filter(({ part }) => part === "patient")).toHaveLength(30);
    expect(inhabitants.map(({ part }) => part)).toEqual(
      expect.arrayContaining(["hospital", "insurer", "pharmacy", "regulator", "licensing body"]),
    );
  });

  it("shows a patient's records and log", async () => {
    const records = await answer<{ record: string; title: string }[]>("records", "list", "--as", "Alwen Sampleton");
    expect(records.length).toBeGreaterThan(3);
    const shown = await answer<{ resourceType: string }>("records", "show", records[1]!.record.slice(0, 10), "--as", "Alwen Sampleton");
    expect(shown.resourceType).toBe("Bundle");
    const log = await answer<{ readerName: string; purpose: string; outcome: { kind: string; reason?: string } }[]>(
      "log",
      "--as",
      "Alwen Sampleton",
    );
    expect(log.map(({ readerName, purpose, outcome }) => [readerName, purpose, outcome.reason ?? outcome.kind])).toEqual([
      [DOCTOR, "HRESCH", "WrongPurpose"],
      ["Dr. Delphe Figmund", "TREAT", "CredentialSuspended"],
      [DOCTOR, "TREAT", "released"],
    ]);
  });

  it("grants, reads, logs, revokes and refuses", async () => {
    const { grant } = await answer<{ grant: string }>(
      "grant",
      "--as",
      PATIENT,
      "--to",
      `${HOSPITAL}:clinician`,
      "--everything",
      "--until",
      "2h",
    );
    const { releases, documents } = await answer<{ releases: string[]; documents: unknown[] }>(
      "read",
      "--as",
      DOCTOR,
      "--patient",
      PATIENT,
    );
    expect(documents.length).toBeGreaterThan(3);
    const [entry] = await answer<{ releaseId: string; grantId: string; readerName: string }[]>("log", "--as", PATIENT);
    expect(entry).toMatchObject({ releaseId: releases[0], grantId: grant, readerName: DOCTOR });
    await answer("revoke", grant.slice(0, 12), "--as", PATIENT);
    expect(await refusal(["read", "--as", DOCTOR, "--patient", PATIENT])).toMatchObject({ id: "release/GrantRevoked" });
    const log = await answer<{ outcome: { reason?: string } }[]>("log", "--as", PATIENT);
    expect(log[0]).toMatchObject({ outcome: { reason: "GrantRevoked" } });
    const grants = await answer<{ state: string }[]>("grants", "--as", PATIENT);
    expect(grants[0]).toMatchObject({ state: "revoked" });
  });

  it("gives everything back, and finds it on file when it comes again", async () => {
    const out = join(folder, "record.json");
    await answer("export", "--patient", "Alwen Sampleton", "--out", out);
    const exported = readJson(await readFile(out), out) as JsonObject;
    const source = generatePatientBundle({ seed: "galen sample town", index: 0 });
    expect(compareBundles(source, exported)).toMatchObject({ differences: [] });
    expect(await answer("import", "fhir", out, "--author", HOSPITAL)).toMatchObject({ patients: 1, filed: 0 });
  });

  it("gives everything else back when somebody has filed what is no FHIR document", async () => {
    const { client, wallet } = await openSession({ url: network.url, wallet: join(folder, "data", "wallet") });
    const name = "Corvin Mockridge";
    const [hospital, patient] = [await actorOf({ wallet }, HOSPITAL), await actorOf({ wallet }, name)];
    const before = await answer<{ record: string }[]>("records", "list", "--as", name);
    const document = { objectId: "0d".repeat(32), plaintext: Buffer.from("no FHIR"), owner: patient.account, compartment: "ab".repeat(32) };
    await fileDocuments(client, { as: hospital, documents: [document] });

    const told = { record: document.objectId, authorName: HOSPITAL, error: { id: "json/Syntax" } };
    const after = await answer<{ record: string }[]>("records", "list", "--as", name);
    expect(after).toEqual([...before, expect.objectContaining({ ...told, error: expect.objectContaining(told.error) })]);
    const out = join(folder, "rest.json");
    const { code, stdout, stderr } = await galen(["export", "--patient", name, "--out", out, "--json"]);
    expect({ code, exported: JSON.parse(stdout) }).toMatchObject({ code: 0, exported: { documents: before.length, unreadable: [told] } });
    expect(stderr).toContain(`cannot be read: ${document.objectId.slice(0, 12)} by ${HOSPITAL}`);
    const read = await answer<{ documents: unknown[] }>("read", "--as", name, "--patient", name);
    expect(read).toMatchObject({ documents: { length: before.length }, unreadable: [told] });
  });

  it("proves what is there and what is not, also without a node", async () => {
    const [record] = await answer<{ record: string }[]>("records", "list", "--as", PATIENT);
    const file = join(folder, "proof.json");
    expect(await answer("verify", record!.record, "--save", file)).toMatchObject({ kind: "document" });
    expect(await answer("verify", "00".repeat(32))).toMatchObject({ kind: "absent" });
    const offline = { GALEN_URL: "http://127.0.0.1:9" };
    expect((await galen(["verify", "--file", file], offline)).code).toBe(0);
    await writeFile(
      file,
      (await readFile(file, "utf8")).replace(/(?<="app_hash": ")./, (digit) => (digit === "0" ? "1" : "0")),
    );
    expect((await refusal(["verify", "--file", file], offline)).id).toMatch(/^proof\//);
  });
});

describe("an emergency", { timeout: TIMEOUT_MS }, () => {
  const review = ["--as", "Hespa Trialby", "--organisation", "Fictorel Health Authority"];
  const reading = ["read", "--emergency", "--as", DOCTOR, "--patient", "Alwen Sampleton"];

  it("opens what the patient has allowed, to a licensed reader with a reason, seen and reviewed", async () => {
    expect(await refusal(reading)).toMatchObject({ id: "cli/BadValue", details: { option: "--reason" } });
    const stated = [...reading, "--reason", "unconscious after a fall"];
    expect(await refusal(stated)).toMatchObject({ id: "release/EmergencyNotAllowed" });
    await answer("emergency", "allow", "--everything", "--as", "Alwen Sampleton");
    const { releases, documents, reason } = await answer<{ releases: string[]; documents: unknown[]; reason: { nonce: string } }>(
      ...stated,
    );
    expect(documents.length).toBeGreaterThan(3);
    expect(reason.nonce).toMatch(/^[0-9a-f]{64}$/);
    const { stdout } = await galen(["log", "--as", "Alwen Sampleton"]);
    expect(stdout).toMatch(/ETREAT +read \d+ documents in an emergency/);
    expect(stdout).toMatch(/ETREAT +refused: EmergencyNotAllowed/);

    const release = releases[0]!;
    expect(await refusal(["emergency", "review", release, "--justified", "--as", DOCTOR])).toMatchObject({ id: "emergency/NotReviewer" });
    await answer("emergency", "review", release, "--unjustified", "--as", "Alwen Sampleton");
    const waiting = await answer<object[]>("emergency", "list");
    expect(waiting).toMatchObject([{ releaseId: release, readerName: DOCTOR, byOwner: { judgement: "unjustified" } }]);
    await answer("emergency", "review", release, "--justified", ...review);
    expect(await answer("emergency", "list")).toEqual([]);
    await answer("emergency", "forbid", "--as", "Alwen Sampleton");
    expect(await refusal(stated)).toMatchObject({ id: "release/EmergencyNotAllowed" });
  });
});

describe("clear signing", { timeout: TIMEOUT_MS }, () => {
  it("tells what everyday verbs sign, on standard error and before the answer", async () => {
    const granting = await galen(["grant", "--as", PATIENT, "--to", DOCTOR, "--compartment", "general", "--until", "1d"]);
    expect(granting.code, granting.stderr).toBe(0);
    expect(granting.stderr).toContain(`Let somebody read records\n  Who may read: “${DOCTOR}”`);
    expect(granting.stderr).toContain("What it opens: everything filed under “general”, also later");
    const [grant] = /(?<=^grant )[0-9a-f]{64}/m.exec(granting.stdout)!;
    const revoking = await galen(["revoke", grant, "--as", PATIENT], { GALEN_LANGUAGE: "zh-CN" });
    expect(revoking.stderr).toContain("立即撤销授权\n");
    const { code, stderr } = await galen(["grants", "--as", PATIENT]);
    expect([code, stderr], "reading signs nothing").toEqual([0, ""]);
  });
});

describe("deciding together", { timeout: TIMEOUT_MS }, () => {
  const AUTHOR = "Inventow Institute";
  const subject = ["issuer", "--issuer", AUTHOR, "--credential-types", '["training"]'];
  const members = ["Testerly Lane Clinic", "Mockridge Family Practice", "Makebury Pharmacy", "Fictorel Health Authority"];

  it("takes effect with the vote that suffices, each after showing the act in words", async () => {
    const proposing = await galen(["governance", "propose", ...subject, "--as", HOSPITAL]);
    expect(proposing.code, proposing.stderr).toBe(0);
    expect(proposing.stderr).toContain("1. Let an account issue credentials\n       Issuer: “Inventow Institute”");
    const [open] = await answer<{ proposalId: string; titles: string[]; state: string }[]>("governance", "list");
    expect(open).toMatchObject({ titles: ["Let an account issue credentials"], state: "open" });
    const start = open!.proposalId.slice(0, 12);

    const chinese = await galen(["governance", "vote", start, "--yes", "--as", members[0]!, "--language", "zh-CN"]);
    expect(chinese.code, chinese.stderr).toBe(0);
    expect(chinese.stderr).toContain("1. 登记证书签发方\n       签发方：“Inventow Institute”");
    await answer("governance", "vote", start, "--no", "--as", "Placeholm Mutual");
    await answer("governance", "vote", start, "--yes", "--as", members[1]!, members[2]!);
    expect((await galen(["governance", "show", start])).stdout).toContain("has not voted: Fictorel Health Authority");
    expect(await answer("governance", "vote", start, "--yes", "--as", members[3]!)).toMatchObject({ state: "executed" });
    expect(await answer("governance", "list")).toEqual([]);
    expect(await answer<{ state: string }[]>("governance", "list", "--all")).toMatchObject([{ state: "executed" }]);
    const { result } = await answer<{ result: { changes: object[] } }>("query", "governance.issuer", "--issuer", AUTHOR);
    expect(result.changes).toMatchObject([{ credentialTypes: ["training"] }]);
  });

  it("refuses votes that do not count, and fills in the parameters that are not changed", async () => {
    const { proposal } = await answer<{ proposal: string }>(
      "governance",
      "propose",
      "parameters",
      "--max-block-bytes",
      "100000",
      "--as",
      HOSPITAL,
    );
    const { acts } = await answer<{ acts: { lines: string[] }[] }>("governance", "show", proposal);
    expect(acts[0]!.lines).toEqual(["Largest block: 100,000 bytes", "Transactions may be signed ahead by: 15 minutes"]);
    const policy = await answer<{ proposal: string }>("governance", "propose", "policy", "--epoch-blocks", "50", "--as", HOSPITAL);
    const { messages } = await answer<{ messages: { type: string }[] }>("governance", "show", policy.proposal);
    expect(messages.map(({ type }) => type)).toEqual(["validators.setPolicy"]);
    const vote = ["governance", "vote", proposal, "--as"];
    expect(await refusal([...vote, AUTHOR, "--yes"])).toMatchObject({ id: "approvals/NotAsked" });
    expect(await refusal([...vote, HOSPITAL, "--yes"])).toMatchObject({ id: "approvals/AlreadyApproved" });
    expect(await refusal([...vote, HOSPITAL])).toMatchObject({ id: "cli/BadValue" });
    expect(await refusal(["governance", "show", "ffffffff"])).toMatchObject({ id: "cli/UnknownProposal" });
    expect(await answer("governance", "withdraw", proposal, "--as", HOSPITAL)).toMatchObject({ state: "withdrawn" });
    expect(await refusal([...vote, members[0]!, "--yes"])).toMatchObject({ id: "approvals/Ended" });
  });
});

describe("what goes wrong", { timeout: TIMEOUT_MS }, () => {
  it.each([
    ["a name nobody has", ["log", "--as", "Brisa Testerley"], {}, "cli/UnknownName"],
    ["a wallet that is not there", ["keys", "list", "--wallet", "/nowhere/at/all"], {}, "cli/NoWallet"],
    ["a node that is down", ["log", "--as", PATIENT], { GALEN_URL: "http://127.0.0.1:9" }, "client/Unreachable"],
    ["a file that is not there", ["import", "fhir", "missing.json", "--author", HOSPITAL], {}, "cli/NotFound"],
    ["a purpose that HL7 does not know", ["read", "--as", DOCTOR, "--patient", PATIENT, "--purpose", "FUN"], {}, "cli/BadValue"],
    ["a moment that is none", ["grant", "--as", PATIENT, "--to", DOCTOR, "--everything", "--until", "soon"], {}, "cli/BadDate"],
    ["a reader without any grant", ["read", "--as", "Dr. Corvin Inventow", "--patient", PATIENT], {}, "cli/NoGrant"],
  ] as const)("%s is said in one sentence", async (_, args, environment, id) => {
    const error = await refusal(args, environment);
    expect(error).toMatchObject({ id });
    expect(error.sentence).toMatch(/^[^\n]{20,}$/);
  });

  it("takes the passphrase of the environment for wallets of one's own, and opens the town's whatever it is", async () => {
    const own = { GALEN_PASSPHRASE: "mine", GALEN_WALLET: join(folder, "own") };
    expect((await galen(["keys", "create", "Ann Example"], own)).code).toBe(0);
    expect(await refusal(["keys", "list"], { ...own, GALEN_PASSPHRASE: "guess" })).toMatchObject({ id: "cli/WrongPassphrase" });
    expect((await galen(["keys", "list"], own)).stdout).toContain("Ann Example");
    expect((await galen(["keys", "list"], { GALEN_PASSPHRASE: "mine" })).stdout).toContain(PATIENT);
  });

  it("writes over no key of health cards, and no set of public ones", async () => {
    const [key, jwks] = [join(folder, "issuer-key.json"), join(folder, "jwks.json")];
    const passphrase = { GALEN_FILE_PASSPHRASE: "of the cards" };
    expect((await galen(["health-card", "key", "--key", key, "--jwks", jwks], passphrase)).code).toBe(0);
    const before = await readFile(key);
    for (const [wantedKey, wantedSet] of [
      [key, join(folder, "other.json")],
      [join(folder, "other-key.json"), jwks],
    ] as const)
      expect(await refusal(["health-card", "key", "--key", wantedKey, "--jwks", wantedSet], passphrase)).toMatchObject({
        id: "cli/FileTaken",
      });
    expect(await readFile(key)).toEqual(before);
    expect(await readdir(folder)).not.toContain("other-key.json");
  });

  it("suggests the name that was meant, and never shows a stack trace", async () => {
    const { stderr, stdout } = await galen(["log", "--as", "Brisa Testerley"]);
    expect(stdout).toBe("");
    expect(stderr).toContain(`didYouMean: ${PATIENT}`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    ["an unknown verb", ["frobnicate"]],
    ["a missing option", ["grant", "--as", PATIENT]],
    ["an unknown option", ["status", "--fast"]],
  ])("%s ends with 2", async (_, args) => {
    expect((await galen(args)).code).toBe(2);
  });

  it("refuses a broken bundle with file, path and reason, writes nothing of it, and takes the others", async () => {
    const bundle = generatePatientBundle({ seed: "broken", index: 40 }) as { entry: { resource: Record<string, unknown> }[] };
    bundle.entry.at(-1)!.resource.id = "not an id!";
    const [good, broken] = [join(folder, "good.json"), join(folder, "broken.json")];
    await writeFile(good, JSON.stringify(generatePatientBundle({ seed: "good", index: 41 })));
    await writeFile(broken, JSON.stringify(bundle));
    const before = (await answer<unknown[]>("keys", "list")).length;
    const { code, stdout } = await galen(["import", "fhir", broken, good, "--author", HOSPITAL, "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      patients: 1,
      refused: [{ file: broken, id: "fhir/BadPrimitive", details: { path: `$.entry[${bundle.entry.length - 1}].resource.id` } }],
    });
    expect((await answer<unknown[]>("keys", "list")).length).toBe(before + 1);
  });
});

describe("import", { timeout: TIMEOUT_MS }, () => {
  it("keeps two patients of one name apart, and two files of one patient together", async () => {
    const source = await mkdtemp(join(folder, "twins-"));
    for (const [file, seed, number] of [
      ["a", "one", "1"],
      ["b", "two", "2"],
      ["c", "three", "1"],
    ] as const) {
      const bundle = generatePatientBundle({ seed, index: 77 }) as { entry: { resource: { identifier: unknown } }[] };
      bundle.entry[0]!.resource.identifier = [{ system: "urn:example:twins", value: number }];
      await writeFile(join(source, `${file}.json`), JSON.stringify(bundle));
    }
    const { patients, files } = await answer<{ patients: number; files: { patient: string }[] }>(
      "import",
      "fhir",
      source,
      "--author",
      HOSPITAL,
    );
    expect(patients).toBe(2);
    const [a, b, c] = files.map(({ patient }) => patient);
    expect(c).toBe(a);
    expect([`${a} (2)`, `${b} (2)`]).toContain(a!.length > b!.length ? a : b);
  });
});

describe("interruptions", { timeout: TIMEOUT_MS }, () => {
  it("finishes an import that was killed, without filing anything twice", async () => {
    const source = await mkdtemp(join(folder, "bundles-"));
    const bundles = Array.from({ length: 12 }, (_, index) => generatePatientBundle({ seed: "killed", index: 100 + index }));
    await Promise.all(bundles.map((bundle, index) => writeFile(join(source, `${index}.json`), JSON.stringify(bundle))));
    // A file whose end never comes: however fast the import is, it has not finished when it is killed.
    const endless = join(source, "endless.json");
    await promisify(execFile)("mkfifo", [endless]);
    const args = ["import", "fhir", source, "--author", HOSPITAL];
    const environment = { GALEN_URL: network.url, GALEN_WALLET: join(folder, "data", "wallet") };
    const killed = spawnGalen(args, environment);
    killed.process.stderr!.once("data", () => killed.process.kill("SIGKILL"));
    expect((await killed.ended).code).toBeNull();
    await rm(endless);

    const second = await answer<{ documents: number; filed: number; alreadyThere: number; files: { account: string }[] }>(...args);
    expect(second.alreadyThere).toBeGreaterThan(0);
    const third = await answer<{ filed: number; alreadyThere: number }>(...args);
    expect(third).toMatchObject({ filed: 0, alreadyThere: second.documents });
    const totals = await Promise.all(second.files.map(({ account }) => documentsOnFile(account)));
    expect(totals.reduce((sum, total) => sum + total)).toBe(second.documents);
  });

  it("finishes the founding of the town after a kill, and resumes it after that", async () => {
    const data = join(folder, "interrupted");
    const killed = spawnGalen(["start", "--data", data, "--port", "0"]);
    killed.process.stderr!.on("data", (text: string) => {
      if (/ [5-9]\/35| [12]\d\/35/.test(text)) killed.process.kill("SIGKILL");
    });
    expect((await killed.ended).code).toBeNull();
    const again = await startGalen(data);
    const { stdout } = await runGalen(["town", "--json"], { GALEN_URL: again.url, GALEN_WALLET: join(data, "wallet") });
    const inhabitants = JSON.parse(stdout) as { name: string; part: string }[];
    expect(inhabitants.filter(({ part }) => part === "patient")).toHaveLength(30);
    expect(inhabitants.filter(({ name }) => name.endsWith("(2)"))).toEqual([]);
    expect(await again.stop()).toBe(0);
    expect(await readdir(join(data, "wallet"))).toContain("founded");
  });

  it("stops cleanly, and replays to the same state under another time zone and locale", async () => {
    expect(await network.stop()).toBe(0);
    const data = ["replay", "--data", join(folder, "data"), "--json"];
    const here = await runGalen(data);
    const there = await runGalen(data, { TZ: "Pacific/Chatham", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" });
    expect(here.code, here.stdout).toBe(0);
    expect(there.stdout).toBe(here.stdout);
    expect(JSON.parse(here.stdout)).toMatchObject({ equal: true });
  });

  it("restores a backup with blobs, keys and wallet to the same state, and serves it", async () => {
    const [data, backup, restored] = ["data", "backup", "restored"].map((name) => join(folder, name)) as [string, string, string];
    const passphrase = { GALEN_PASSPHRASE: "of the backup" };
    const written = await runGalen(["backup", backup, "--data", data, "--json"], passphrase);
    expect(written.code, written.stdout).toBe(0);
    const refused = await runGalen(["restore", backup, "--data", restored, "--json"], { GALEN_PASSPHRASE: "a guess" });
    expect(refused.stdout).toContain("key/PasswordWrong");
    const back = await runGalen(["restore", backup, "--data", restored, "--json"], passphrase);
    expect(back.stdout).toBe(written.stdout);
    const served = await startGalen(restored);
    const environment = { GALEN_URL: served.url, GALEN_WALLET: join(restored, "wallet") };
    const records = await runGalen(["records", "list", "--as", PATIENT, "--json"], environment);
    expect(records.code, records.stdout).toBe(0);
    expect(await served.stop()).toBe(0);
  });
});
