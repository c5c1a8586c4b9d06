import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { subjects } from "@galen/cli/governance/subjects";
import { actorOf, openSession } from "@galen/cli/session";
import { generatePatientBundle } from "@galen/cli/town/synthetic-patients/generate-patient-bundle";
import { compareBundles, type JsonObject, readJson } from "@galen/gateway";
import { fileDocuments } from "@galen/sdk";
import { beforeAll, describe, expect, it } from "vitest";
import { runGalen, startGalen } from "./galen-process.ts";
import { useTerminal } from "./terminal.ts";

const TIMEOUT_MS = 300_000;
const PATIENT = "Brisa Testerly";
const DOCTOR = "Dr. Alwen Demowright";
const HOSPITAL = "Sampleton General Hospital";
const terminal = useTerminal();
const { galen, answer, refusal } = terminal;

describe("the first minute", { timeout: TIMEOUT_MS }, () => {
  it("finds a town with a counter-party for every role", async () => {
    const inhabitants = await answer<{ part: string }[]>("town");
    expect(inhabitants.filter(({ part }) => part === "patient")).toHaveLength(30);
    expect(inhabitants.map(({ part }) => part)).toEqual(
      expect.arrayContaining(["hospital", "insurer", "pharmacy", "regulator", "licensing body"]),
    );
  });

  it("shows a patient's records and log", async () => {
    const records = await answer<{ objectId: string; title: string }[]>("records", "list", "--as", "Alwen Sampleton");
    expect(records.length).toBeGreaterThan(3);
    const shown = await answer<{ resourceType: string }>("records", "show", records[1]!.objectId.slice(0, 10), "--as", "Alwen Sampleton");
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
    const { grantId } = await answer<{ grantId: string }>(
      "grant",
      "--as",
      PATIENT,
      "--to",
      `${HOSPITAL}:clinician`,
      "--everything",
      "--until",
      "2h",
    );
    const logged = (await answer<unknown[]>("log", "--as", PATIENT)).length;
    const nowhere = join(terminal.folder, "missing", "read.json");
    expect(await refusal(["read", "--as", DOCTOR, "--patient", PATIENT, "--out", nowhere])).toMatchObject({ id: "system/ENOENT" });
    expect(await answer("log", "--as", PATIENT), "no reading is used up").toHaveLength(logged);
    const { releaseIds, documents } = await answer<{ releaseIds: string[]; documents: unknown[] }>(
      "read",
      "--as",
      DOCTOR,
      "--patient",
      PATIENT,
    );
    expect(documents.length).toBeGreaterThan(3);
    const [entry] = await answer<{ releaseId: string; grantId: string; readerName: string }[]>("log", "--as", PATIENT);
    expect(entry).toMatchObject({ releaseId: releaseIds[0], grantId, readerName: DOCTOR });
    const [record] = await answer<{ objectId: string }[]>("records", "list", "--as", PATIENT);
    const named = ["--record", record!.objectId.slice(0, 12), "--grant", grantId.slice(0, 12)];
    expect(await answer("read", "--as", DOCTOR, ...named)).toMatchObject({ documents: [{ objectId: record!.objectId }] });
    await answer("revoke", grantId.slice(0, 12), "--as", PATIENT);
    expect((await galen(["verify", grantId])).stdout).toMatch(/^The grant is on the ledger; it was revoked on \d{4}-/);
    expect(await refusal(["read", "--as", DOCTOR, "--patient", PATIENT])).toMatchObject({ id: "release/GrantRevoked" });
    const log = await answer<{ outcome: { reason?: string } }[]>("log", "--as", PATIENT);
    expect(log[0]).toMatchObject({ outcome: { reason: "GrantRevoked" } });
    const grants = await answer<{ state: string }[]>("grants", "--as", PATIENT);
    expect(grants[0]).toMatchObject({ state: "revoked" });
  });

  it("gives everything back, and finds it on file when it comes again", async () => {
    const out = join(terminal.folder, "record.json");
    await answer("export", "--patient", "Alwen Sampleton", "--out", out);
    const exported = readJson(await readFile(out), out) as JsonObject;
    const source = generatePatientBundle({ seed: "galen sample town", index: 0 });
    expect(compareBundles(source, exported)).toMatchObject({ differences: [] });
    expect(await answer("import", "fhir", out, "--author", HOSPITAL)).toMatchObject({ patients: 1, filed: 0 });
  });

  it("files nothing of a second person into the account of the first, though both have one placeholder as their number", async () => {
    const people = [
      ["Alder", "1950-01-01"],
      ["Birch", "2001-02-03"],
      ["Alder", "1971-07-07"],
    ] as const;
    const files = people.map((_, index) => join(terminal.folder, `placeholder-${index}.json`));
    const identifier = [{ system: "http://hl7.org/fhir/sid/us-ssn", value: "999-99-9999" }];
    for (const [index, [family, birthDate]] of people.entries()) {
      const resource = { resourceType: "Patient", identifier, name: [{ family }], birthDate };
      await writeFile(files[index]!, JSON.stringify({ resourceType: "Bundle", type: "collection", entry: [{ resource }] }));
    }
    interface Imported {
      readonly filed: number;
      readonly files: readonly { readonly patient: string; readonly account: string; readonly sharesIdentifierWith?: string }[];
    }
    const imported = () => answer<Imported>("import", "fhir", ...files, "--author", HOSPITAL);
    const first = await imported();
    const accounts = first.files.map(({ account }) => account);
    expect(new Set(accounts).size).toBe(3);
    expect(first).toMatchObject({
      filed: 3,
      files: expect.arrayContaining([expect.objectContaining({ sharesIdentifierWith: expect.any(String) })]),
    });
    const again = await imported();
    expect(again).toMatchObject({ filed: 0, files: accounts.map((account) => ({ account, sharesIdentifierWith: expect.any(String) })) });

    // Wallets of before knew of a patient's file the identifier only.
    const { wallet } = await openSession({ url: terminal.network.url, wallet: join(terminal.folder, "data", "wallet") });
    for (const { patientPerson: _, ...entry } of wallet.entries()) if (accounts.includes(entry.account)) await wallet.put(entry);
    expect(await imported()).toMatchObject({ filed: 0, files: accounts.map((account) => ({ account })) });
    expect((await galen(["import", "fhir", ...files, "--author", HOSPITAL])).stdout).toMatch(/has the identifier of/);
  });

  it("gives everything else back when somebody has filed what is no FHIR document", async () => {
    const { client, wallet } = await openSession({ url: terminal.network.url, wallet: join(terminal.folder, "data", "wallet") });
    const name = "Corvin Mockridge";
    const [hospital, patient] = [await actorOf({ wallet }, HOSPITAL), await actorOf({ wallet }, name)];
    const before = await answer<{ objectId: string }[]>("records", "list", "--as", name);
    const document = { objectId: "0d".repeat(32), plaintext: Buffer.from("no FHIR"), owner: patient.account, compartment: "ab".repeat(32) };
    await fileDocuments(client, { as: hospital, documents: [document] });

    const told = { objectId: document.objectId, authorName: HOSPITAL, error: { id: "json/Syntax" } };
    const after = await answer<{ objectId: string }[]>("records", "list", "--as", name);
    expect(after).toEqual([...before, expect.objectContaining({ ...told, error: expect.objectContaining(told.error) })]);
    const out = join(terminal.folder, "rest.json");
    const { code, stdout, stderr } = await galen(["export", "--patient", name, "--out", out, "--json"]);
    expect({ code, exported: JSON.parse(stdout) }).toMatchObject({ code: 0, exported: { documents: before.length, unreadable: [told] } });
    expect(stderr).toContain(`cannot be read: ${document.objectId.slice(0, 12)} by ${HOSPITAL}`);
    const read = await answer<{ documents: unknown[] }>("read", "--as", name, "--patient", name);
    expect(read).toMatchObject({ documents: { length: before.length }, unreadable: [told] });
  });

  it("proves what is there and what is not, also without a node", async () => {
    const [record] = await answer<{ objectId: string }[]>("records", "list", "--as", PATIENT);
    const file = join(terminal.folder, "proof.json");
    expect(await answer("verify", record!.objectId, "--save", file)).toMatchObject({ kind: "document" });
    expect(await answer("verify", record!.objectId.slice(0, 12), "--as", PATIENT)).toMatchObject({ kind: "document" });
    expect(await refusal(["verify", "00".repeat(6), "--as", PATIENT])).toMatchObject({ id: "cli/UnknownId" });
    expect(await answer("verify", "00".repeat(32))).toMatchObject({ kind: "absent" });
    const offline = { GALEN_URL: "http://127.0.0.1:9" };
    expect((await galen(["verify", "--file", file], offline)).code).toBe(0);
    const { code, stdout } = await galen(["verify", record!.objectId, "--file", file], offline);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("The document is on the ledger.") });
    expect((await refusal(["verify", "00".repeat(32), "--file", file], offline)).id).toBe("proof/OtherSubject");
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
    const { releaseIds, documents, reason } = await answer<{ releaseIds: string[]; documents: unknown[]; reason: { nonce: string } }>(
      ...stated,
    );
    expect(documents.length).toBeGreaterThan(3);
    expect(reason.nonce).toMatch(/^[0-9a-f]{64}$/);
    const { stdout } = await galen(["log", "--as", "Alwen Sampleton"]);
    expect(stdout).toMatch(/ETREAT +read \d+ documents in an emergency/);
    expect(stdout).toMatch(/ETREAT +refused: EmergencyNotAllowed/);

    const release = releaseIds[0]!;
    expect(await refusal(["emergency", "review", release, "--justified", "--as", DOCTOR])).toMatchObject({ id: "emergency/NotReviewer" });
    await answer("emergency", "review", release.slice(0, 12), "--unjustified", "--as", "Alwen Sampleton");
    const waiting = await answer<object[]>("emergency", "list");
    expect(waiting).toMatchObject([{ releaseId: release, readerName: DOCTOR, byOwner: { judgement: "unjustified" } }]);
    await answer("emergency", "review", release.slice(0, 12), "--justified", ...review);
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
  const subject = ["issuer", "--issuer", AUTHOR, "--credential-types", '["training","degree"]'];
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
    expect(chinese.stderr).toContain("1. 登记资格颁发机构\n       颁发机构：“Inventow Institute”");
    await answer("governance", "vote", start, "--no", "--as", "Placeholm Mutual");
    await answer("governance", "vote", start, "--yes", "--as", members[1]!, members[2]!);
    expect((await galen(["governance", "show", start])).stdout).toContain("has not voted: Fictorel Health Authority");
    expect(await answer("governance", "vote", start, "--yes", "--as", members[3]!)).toMatchObject({ state: "executed" });
    expect(await answer("governance", "list")).toEqual([]);
    expect(await answer<{ state: string }[]>("governance", "list", "--all")).toMatchObject([{ state: "executed" }]);
    const { result } = await answer<{ result: { changes: object[] } }>("query", "governance.issuer", "--issuer", AUTHOR);
    expect(result.changes).toMatchObject([{ credentialTypes: ["training", "degree"] }]);
  });

  it("refuses votes that do not count, and fills in the parameters that are not changed", async () => {
    const { proposalId } = await answer<{ proposalId: string }>(
      "governance",
      "propose",
      "parameters",
      "--max-block-bytes",
      "100000",
      "--as",
      HOSPITAL,
    );
    const { acts } = await answer<{ acts: { lines: string[] }[] }>("governance", "show", proposalId);
    expect(acts[0]!.lines).toEqual(["Largest block: 100,000 bytes", "Transactions may be signed ahead by: 15 minutes"]);
    const policy = await answer<{ proposalId: string }>("governance", "propose", "policy", "--epoch-blocks", "50", "--as", HOSPITAL);
    const { messages } = await answer<{ messages: { type: string }[] }>("governance", "show", policy.proposalId);
    expect(messages.map(({ type }) => type)).toEqual(["validators.setPolicy"]);
    const vote = ["governance", "vote", proposalId, "--as"];
    expect(await refusal([...vote, AUTHOR, "--yes"])).toMatchObject({ id: "approvals/NotAsked" });
    expect(await refusal([...vote, HOSPITAL, "--yes"])).toMatchObject({ id: "approvals/AlreadyApproved" });
    expect(await refusal([...vote, HOSPITAL])).toMatchObject({ id: "cli/BadValue" });
    expect(await refusal(["governance", "show", "ffffffff"])).toMatchObject({ id: "cli/UnknownProposal" });
    expect(await answer("governance", "withdraw", proposalId, "--as", HOSPITAL)).toMatchObject({ state: "withdrawn" });
    expect(await refusal([...vote, members[0]!, "--yes"])).toMatchObject({ id: "approvals/Ended" });
  });

  it.each([
    ["a member that is one", ["admit-member", "--organisation", HOSPITAL], "governance/AlreadyMember"],
    ["a member that is none", ["remove-member", "--organisation", "Sampleton Medical Board"], "governance/NotMember"],
    ["parameters as they are", ["parameters", "--max-block-bytes", "2097152"], "cli/NothingChanges"],
    ["a parameter out of its limits", ["parameters", "--max-block-bytes", "1"], "tx/InvalidMessage"],
    ["an upgrade to what is in force", ["upgrade", "--height", "500000", "--version", "1"], "governance/NotNewer"],
    ["an upgrade in the past", ["upgrade", "--height", "2", "--version", "9"], "governance/TooSoon"],
    ["the end of no upgrade", ["cancel-upgrade"], "governance/NoUpgrade"],
    [
      "an issuer as it is",
      ["issuer", "--issuer", "Sampleton Medical Board", "--credential-types", '["practitioner-licence"]'],
      "governance/UnchangedIssuer",
    ],
    ["an issuer that is none", ["remove-issuer", "--issuer", HOSPITAL], "governance/UnknownIssuer"],
    ["more custodians than there are", ["custodians", "--threshold", "3"], "custody/ThresholdTooHigh"],
    ["a token that is there", ["token", "--token-kind", "shares"], "tokens/KindExists"],
    ["a token that is not", ["mint", "--token-kind", "credits", "--account", HOSPITAL, "--amount", "1"], "tokens/UnknownKind"],
    ["a policy as it is", ["policy"], "cli/NothingChanges"],
  ] as const)("bothers nobody with %s", async (_, proposed, id) => {
    expect(await refusal(["governance", "propose", ...proposed, "--as", HOSPITAL])).toMatchObject({ id });
  });

  it.each(subjects.filter(({ word }) => word !== "cancel-upgrade"))("proposes $word as its help says", async ({ word, example }) => {
    const words = example.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
    const options = words.map((one) => one.replace(/^(['"])(.*)\1$/, "$2"));
    expect(await answer("governance", "propose", word, ...options, "--as", HOSPITAL)).toMatchObject({ state: "open" });
  });
});

describe("verbs that only read", { timeout: TIMEOUT_MS }, () => {
  const nowhere = { GALEN_WALLET: "/nowhere/at/all" };
  /** PATIENT stands for the account. */
  const verbs = [
    ["status"],
    ["validators"],
    ["custody", "log"],
    ["governance", "list"],
    ["emergency", "list"],
    ["guardians", "show", PATIENT],
    ["recovery", "show", PATIENT],
    ["log", "--as", PATIENT],
    ["query", "governance.members"],
    ["query", "accounts.account", "--account", PATIENT],
    ["verify", "00".repeat(32), "--trust", "network.json"],
  ];

  let locked: { readonly GALEN_WALLET: string };
  let account: string;

  beforeAll(async () => {
    locked = { GALEN_WALLET: join(terminal.folder, "locked") };
    await galen(["keys", "create", "Somebody", "--local"], { ...locked, GALEN_PASSPHRASE: "mine alone" });
    ({ account } = await answer<{ account: string }>("guardians", "show", PATIENT));
  }, TIMEOUT_MS);

  it.each(verbs.map((verb) => [verb.slice(0, 2).join(" "), verb] as const))("%s needs no wallet, nor its passphrase", async (_, verb) => {
    const trusted = join(terminal.folder, "data", "wallet", "network.json");
    const args = verb.map((word) => (word === PATIENT ? account : word === "network.json" ? trusted : word));
    for (const environment of [nowhere, locked]) {
      const { code, stdout, stderr } = await galen([...args, "--json"], environment);
      expect(code, stdout + stderr).toBe(0);
      JSON.parse(stdout);
    }
  });

  it("say what is missing when somebody is named", async () => {
    expect(await refusal(["log", "--as", PATIENT], nowhere)).toMatchObject({ id: "cli/NoWallet" });
    expect(await refusal(["log", "--as", PATIENT], locked)).toMatchObject({ id: "cli/NoPassphrase" });
  });

  it("believe nobody where they are to verify", async () => {
    expect(await refusal(["verify", "00".repeat(32)], nowhere)).toMatchObject({ id: "cli/NoTrust" });
  });
});

describe("headers that are published outside", { timeout: TIMEOUT_MS }, () => {
  it("are stated by members, held against the chain, and a false one is told", async () => {
    const { headerHash, chainId } = await answer<{ headerHash: string; chainId: string }>("anchor", "statement", "3");
    const line = await galen(["anchor", "statement", "3"]);
    expect(line.stdout).toBe(`Galen network ${chainId}, block 3: ${headerHash}\n`);
    expect(await refusal(["anchor", "statement", "999999"])).toMatchObject({ id: "cli/NoBlock" });
    expect(await refusal(["anchor", "record", "3", "--place", "here", "--as", PATIENT])).toMatchObject({ id: "anchors/NotMember" });
    const recorded = await answer("anchor", "record", "3", "--place", "https://gazette.example/7", "--as", HOSPITAL);
    expect(recorded).toMatchObject({ anchor: { height: 3, headerHash }, txHash: expect.any(String), height: expect.any(Number) });
    const lie = ["--height", "3", "--header-hash", "ab".repeat(32), "--place", "another gazette"];
    await answer("tx", "anchors.record", ...lie, "--as", HOSPITAL);
    const { anchors } = await answer<{ anchors: { verdict: string; place: string; name: string }[] }>("anchor", "list");
    expect(anchors).toMatchObject([
      { verdict: "contradicts", place: "another gazette", name: HOSPITAL },
      { verdict: "fits", place: "https://gazette.example/7", headerHash },
    ]);
    const status = await galen(["network", "status"]);
    expect(status.stdout).toMatch(/block 3, NOT IN THE CHAIN, published at another gazette, as /);
    expect(status.stdout).toMatch(/block 3, in the chain, published at https:\/\/gazette\.example\/7, as /);
  });
});

describe("what all of it leaves", { timeout: TIMEOUT_MS }, () => {
  it("stops cleanly, and replays to the same state under another time zone and locale", async () => {
    expect(await terminal.network.stop()).toBe(0);
    const data = ["replay", "--data", join(terminal.folder, "data"), "--json"];
    const here = await runGalen(data);
    const there = await runGalen(data, { TZ: "Pacific/Chatham", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" });
    expect(here.code, here.stdout).toBe(0);
    expect(there.stdout).toBe(here.stdout);
    expect(JSON.parse(here.stdout)).toMatchObject({ equal: true });
  });

  it("restores a backup with blobs, keys and wallet to the same state, and serves it", async () => {
    const [data, backup, restored] = ["data", "backup", "restored"].map((name) => join(terminal.folder, name)) as [string, string, string];
    const passphrase = { GALEN_PASSPHRASE: "of the backup" };
    const written = await runGalen(["backup", backup, "--data", data, "--json"], passphrase);
    expect(written.code, written.stdout).toBe(0);
    const refused = await runGalen(["restore", backup, "--data", restored, "--json"], { GALEN_PASSPHRASE: "a guess" });
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: { id: "cli/WrongFilePassphrase", details: { file: backup, variable: "GALEN_PASSPHRASE" } },
    });
    const back = await runGalen(["restore", backup, "--data", restored, "--json"], passphrase);
    expect(back.stdout).toBe(written.stdout);
    const served = await startGalen(restored);
    const environment = { GALEN_URL: served.url, GALEN_WALLET: join(restored, "wallet") };
    const records = await runGalen(["records", "list", "--as", PATIENT, "--json"], environment);
    expect(records.code, records.stdout).toBe(0);
    expect(await served.stop()).toBe(0);
  });
});
