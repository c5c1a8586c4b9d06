import { execFile } from "node:child_process";
import { once } from "node:events";
import { link, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { generatePatientBundle } from "@galen/cli/town/synthetic-patients/generate-patient-bundle";
import { describe, expect, it } from "vitest";
import { runGalen, spawnGalen, startGalen } from "./galen-process.ts";
import { startTown } from "./sample-town.ts";
import { useTerminal } from "./terminal.ts";

const TIMEOUT_MS = 300_000;
const PATIENT = "Brisa Testerly";
const DOCTOR = "Dr. Alwen Demowright";
const HOSPITAL = "Sampleton General Hospital";
const terminal = useTerminal();
const { galen, answer, refusal } = terminal;

interface Imported {
  readonly documents: number;
  readonly filed: number;
  readonly alreadyThere: number;
  readonly files: readonly { readonly account: string; readonly patient: string }[];
}

async function documentsOnFile(owner: string): Promise<number> {
  const response = await fetch(`${terminal.network.url}/v1/query/records.ofOwner?owner=${owner}&limit=1`);
  return ((await response.json()) as { result: { total: number } }).result.total;
}

describe("what goes wrong", { timeout: TIMEOUT_MS }, () => {
  it.each([
    ["a name nobody has", ["log", "--as", "Brisa Testerley"], {}, "cli/UnknownName"],
    ["a wallet that is not there", ["keys", "list", "--wallet", "/nowhere/at/all"], {}, "cli/NoWallet"],
    ["a node that is down", ["log", "--as", PATIENT], { GALEN_URL: "http://127.0.0.1:9" }, "client/Unreachable"],
    ["a purpose that HL7 does not know", ["read", "--as", DOCTOR, "--patient", PATIENT, "--purpose", "FUN"], {}, "cli/BadValue"],
    ["a moment that is none", ["grant", "--as", PATIENT, "--to", DOCTOR, "--everything", "--until", "soon"], {}, "cli/BadDate"],
    ["a network that is not there", ["network", "stop", "/nowhere/at/all"], {}, "cli/NoNetworkFolder"],
    ["the end of no delegation", ["delegation", "end", "--as", PATIENT], {}, "cli/BadValue"],
    ["a reader without any grant", ["read", "--as", "Dr. Corvin Inventow", "--patient", PATIENT], {}, "cli/NoGrant"],
  ] as const)("%s is said in one sentence", async (_, args, environment, id) => {
    const error = await refusal(args, environment);
    expect(error).toMatchObject({ id });
    expect(error.sentence).toMatch(/^[^\n]{20,}$/);
  });

  it("takes the passphrase of the environment for wallets of one's own, and opens the town's whatever it is", async () => {
    const own = { GALEN_PASSPHRASE: "mine alone", GALEN_WALLET: join(terminal.folder, "own") };
    expect((await galen(["keys", "create", "Ann Example"], own)).code).toBe(0);
    expect(await refusal(["keys", "list"], { ...own, GALEN_PASSPHRASE: "guess" })).toMatchObject({ id: "cli/WrongPassphrase" });
    expect((await galen(["keys", "list"], own)).stdout).toContain("Ann Example");
    expect((await galen(["keys", "list"], { GALEN_PASSPHRASE: "mine alone" })).stdout).toContain(PATIENT);
  });

  it("registers no node of a folder that holds none, and makes none of it", async () => {
    const data = join(terminal.folder, "mistyped");
    const args = ["node", "register", "--as", "Sampleton General Hospital", "--data", data];
    expect(await refusal(args)).toMatchObject({ id: "cli/NoNode", details: { folder: data } });
    expect(await readdir(terminal.folder)).not.toContain("mistyped");
  });

  it.each([
    ["without a port", "https://galen.example.org", "galen.example.org", "--p2p"],
    ["at a port that there is not", "https://galen.example.org", "galen.example.org:99999", "--p2p"],
    ["with a path behind it", "https://galen.example.org/galen/", "galen.example.org:26656", "--http"],
  ] as const)("makes no node at an address %s: the other founders would refuse its card", async (_, http, p2p, option) => {
    const data = join(terminal.folder, "founder");
    const made = ["node", "init", "--organisation", "House", "--data", data, "--http", http, "--p2p", p2p];
    expect(await refusal(made, { GALEN_PASSPHRASE: "mine alone" })).toMatchObject({ id: "cli/BadValue", details: { option } });
    expect(await readdir(terminal.folder)).not.toContain("founder");
  });

  it("starts at no address that is taken, and leaves nothing: another network may begin in the folder", async () => {
    const data = join(terminal.folder, "taken");
    const { port } = new URL(terminal.network.url);
    expect(await refusal(["start", "--data", data, "--port", port])).toMatchObject({ id: "node/PortTaken" });
    expect(await readdir(terminal.folder)).not.toContain("taken");
  });

  it("writes over no key of health cards, and no set of public ones", async () => {
    const [key, jwks] = [join(terminal.folder, "issuer-key.json"), join(terminal.folder, "jwks.json")];
    const passphrase = { GALEN_FILE_PASSPHRASE: "of the cards" };
    expect((await galen(["health-card", "key", "--key", key, "--jwks", jwks], passphrase)).code).toBe(0);
    const before = await readFile(key);
    for (const [wantedKey, wantedSet] of [
      [key, join(terminal.folder, "other.json")],
      [join(terminal.folder, "other-key.json"), jwks],
    ] as const)
      expect(await refusal(["health-card", "key", "--key", wantedKey, "--jwks", wantedSet], passphrase)).toMatchObject({
        id: "cli/FileTaken",
      });
    expect(await readFile(key)).toEqual(before);
    expect(await readdir(terminal.folder)).not.toContain("other-key.json");
  });

  it.each([
    ["a house without a card signer", ["--as", HOSPITAL], "cli/BadValue"],
    ["a file that cannot be written", ["--as", HOSPITAL, "--out", "/nowhere/at/all.smart-health-card"], "system/ENOENT"],
    ["an end that is none", ["--as", HOSPITAL, "--until", "soon"], "cli/BadDate"],
  ] as const)("reads no record for a card that does not come about, for %s", async (_, flags, id) => {
    const patient = "Pellan Mockridge";
    const before = await answer("log", "--as", patient);
    expect(await refusal(["health-card", "issue", "--patient", patient, ...flags])).toMatchObject({ id });
    expect(await answer("log", "--as", patient)).toEqual(before);
  });

  it("keeps the proof that is there until the next one is whole", async () => {
    const [proof, sameFile] = [join(terminal.folder, "proof.json"), join(terminal.folder, "same-file.json")];
    await writeFile(proof, "the last proof");
    await link(proof, sameFile);
    await answer("verify", "0".repeat(64), "--save", proof);
    expect(await answer("verify", "--file", proof)).toMatchObject({ checks: expect.any(Array) });
    expect(await readFile(sameFile, "utf8")).toBe("the last proof");
  });

  it("writes over no key file of a person, and leaves nothing beside it", async () => {
    const file = join(terminal.folder, "person.json");
    const passphrase = { GALEN_FILE_PASSPHRASE: "of the file" };
    expect((await galen(["keys", "export", PATIENT, "--file", file], passphrase)).code).toBe(0);
    const before = await readFile(file);
    expect(await refusal(["keys", "export", DOCTOR, "--file", file], passphrase)).toMatchObject({ id: "cli/FileTaken", details: { file } });
    expect(await readFile(file)).toEqual(before);
    expect((await readdir(terminal.folder)).filter((name) => name.startsWith("person.json"))).toEqual(["person.json"]);
  });

  it("suggests the name that was meant, and never shows a stack trace", async () => {
    const { stderr, stdout } = await galen(["log", "--as", "Brisa Testerley"]);
    expect(stdout).toBe("");
    expect(stderr).toContain(`didYouMean: ${PATIENT}`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("tells which program it is, as the node does", async () => {
    const response = await fetch(`${terminal.network.url}/v1/status`);
    const { software } = (await response.json()) as { readonly software: string };
    expect(await galen(["--version"])).toMatchObject({ code: 0, stdout: `${software}\n`, stderr: "" });
  });

  it.each([
    ["an unknown verb", ["statu"], "cli/NotUnderstood", /unknown command 'statu'\s+\(Did you mean status\?\)/],
    ["an unknown verb of a group", ["keys", "frobnicate"], "cli/NotUnderstood", /unknown command 'frobnicate'/],
    ["a group without a verb", ["keys"], "cli/NotUnderstood", /a verb is missing/],
    ["help for an unknown verb", ["help", "frobnicate"], "cli/NotUnderstood", /a verb is missing or unknown/],
    ["a missing option", ["grant", "--as", PATIENT], "cli/NotUnderstood", /'--to <name>' not specified/],
    ["a missing argument", ["revoke", "--as", PATIENT], "cli/NotUnderstood", /missing required argument 'grant'/],
    ["an unknown option", ["status", "--fast"], "cli/NotUnderstood", /unknown option '--fast'/],
    ["a value that does not fit", ["anchor", "list", "--limit", "0"], "cli/BadValue", /a whole number from 1/],
  ] as const)("%s ends with 2, and with --json as one JSON value like any other refusal", async (_, args, id, reason) => {
    const asText = await galen(args);
    expect(asText).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(`[${id}]`) });
    expect(asText.stderr.match(reason)).toHaveLength(1);
    const asJson = await galen([...args, "--json"]);
    expect(asJson.code).toBe(2);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ error: { id, details: { reason: expect.stringMatching(reason) } } });
  });

  it("refuses a broken bundle with file, path and reason, writes nothing of it, and takes the others", async () => {
    const bundle = generatePatientBundle({ seed: "broken", index: 40 }) as { entry: { resource: Record<string, unknown> }[] };
    bundle.entry.at(-1)!.resource.id = "not an id!";
    const [good, broken] = [join(terminal.folder, "good.json"), join(terminal.folder, "broken.json")];
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
    const source = await mkdtemp(join(terminal.folder, "twins-"));
    const bundleOf = (seed: string) => generatePatientBundle({ seed, index: 77 }) as { entry: { resource: Record<string, unknown> }[] };
    const { birthDate } = bundleOf("one").entry[0]!.resource;
    for (const [file, seed, number, changes] of [
      ["a", "one", "1", {}],
      ["b", "two", "2", {}],
      ["c", "three", "1", { birthDate }],
    ] as const) {
      const bundle = bundleOf(seed);
      Object.assign(bundle.entry[0]!.resource, changes, { identifier: [{ system: "urn:example:twins", value: number }] });
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

  it("takes what is there when other files are not, and says so", async () => {
    const folder = await mkdtemp(join(terminal.folder, "empty-"));
    const [good, missing] = [join(terminal.folder, "there.json"), join(folder, "missing.json")];
    await writeFile(good, JSON.stringify(generatePatientBundle({ seed: "there", index: 92 })));
    const args = ["import", "fhir", missing, good, folder, "--author", HOSPITAL];
    const { code, stdout } = await galen([...args, "--json"]);
    const refused = [
      { file: missing, id: "cli/NotFound" },
      { file: folder, id: "cli/NothingToImport" },
    ];
    expect({ code, summary: JSON.parse(stdout) }).toMatchObject({ code: 1, summary: { patients: 1, refused } });
    const inWords = await galen(args);
    expect(inWords.code).toBe(1);
    expect(inWords.stdout).toContain("1 file: 1 patient");
    expect(inWords.stdout).toContain(`check the path [cli/NotFound]\n  path: ${missing}`);
  });

  it("makes one account of one patient when several run at once, and files each document once", async () => {
    const file = join(terminal.folder, "at-once.json");
    await writeFile(file, JSON.stringify(generatePatientBundle({ seed: "at once", index: 90 })));
    const imports = [1, 2, 3].map(() => answer<Imported>("import", "fhir", file, "--author", HOSPITAL));
    const done = await Promise.all(imports);
    const accounts = new Set(done.flatMap(({ files }) => files.map(({ account }) => account)));
    expect(accounts.size).toBe(1);
    expect(done.reduce((sum, { filed }) => sum + filed, 0)).toBe(done[0]!.documents);
    expect(await documentsOnFile([...accounts][0]!)).toBe(done[0]!.documents);
  });
});

describe("keys create", { timeout: TIMEOUT_MS }, () => {
  it("gives no name away while the node is down, and goes on where it was broken off", async () => {
    const create = ["keys", "create", "Eve Example"];
    expect(await refusal(create, { GALEN_URL: "http://127.0.0.1:9" })).toMatchObject({ id: "client/Unreachable" });
    // As a run leaves it whose node fails after the keys were made.
    const { account } = await answer<{ account: string }>(...create, "--local");
    expect(await answer(...create, "--works-for", HOSPITAL)).toMatchObject({ account, created: true });
    expect(await refusal(create)).toMatchObject({ id: "cli/NameTaken", details: { account } });
  });
});

describe("keys that come again", { timeout: TIMEOUT_MS }, () => {
  it("leave the patient whom an import knows", async () => {
    const file = join(terminal.folder, "keys-again.json");
    await writeFile(file, JSON.stringify(generatePatientBundle({ seed: "keys again", index: 91 })));
    const args = ["import", "fhir", file, "--author", HOSPITAL];
    const { documents, files } = await answer<Imported>(...args);
    const { account, patient } = files[0]!;
    const { words } = await answer<{ words: string }>("keys", "export", account);
    const imported = await galen(["keys", "import", "Another Name", ...words.split(" ")]);
    expect(imported.stdout).toContain(`${patient} has the account ${account}. It is on the ledger already. The wallet knew it`);
    expect(await answer<Imported>(...args)).toMatchObject({ filed: 0, alreadyThere: documents, files: [{ account }] });
  });
});

describe("interruptions", { timeout: TIMEOUT_MS }, () => {
  it("finishes an import that was killed, without filing anything twice", async () => {
    const source = await mkdtemp(join(terminal.folder, "bundles-"));
    const bundles = Array.from({ length: 12 }, (_, index) => generatePatientBundle({ seed: "killed", index: 100 + index }));
    await Promise.all(bundles.map((bundle, index) => writeFile(join(source, `${index}.json`), JSON.stringify(bundle))));
    // A file whose end never comes: however fast the import is, it has not finished when it is killed.
    const endless = join(source, "endless.json");
    await promisify(execFile)("mkfifo", [endless]);
    const args = ["import", "fhir", source, "--author", HOSPITAL];
    const environment = { GALEN_URL: terminal.network.url, GALEN_WALLET: join(terminal.folder, "data", "wallet") };
    const killed = spawnGalen(args, environment);
    killed.process.stderr!.once("data", () => killed.process.kill("SIGKILL"));
    expect((await killed.ended).code).toBeNull();
    await rm(endless);

    const second = await answer<Imported>(...args);
    expect(second.alreadyThere).toBeGreaterThan(0);
    const third = await answer<Imported>(...args);
    expect(third).toMatchObject({ filed: 0, alreadyThere: second.documents });
    const totals = await Promise.all(second.files.map(({ account }) => documentsOnFile(account)));
    expect(totals.reduce((sum, total) => sum + total)).toBe(second.documents);
  });

  it("ends an import at Ctrl-C after the files that are being filed, says what is left, and finishes it later", async () => {
    const source = await mkdtemp(join(terminal.folder, "ended-bundles-"));
    const bundles = Array.from({ length: 24 }, (_, index) => generatePatientBundle({ seed: "ended", index: 200 + index }));
    await Promise.all(bundles.map((bundle, index) => writeFile(join(source, `${index}.json`), JSON.stringify(bundle))));
    const args = ["import", "fhir", source, "--author", HOSPITAL];
    const environment = { GALEN_URL: terminal.network.url, GALEN_WALLET: join(terminal.folder, "data", "wallet") };
    const ending = spawnGalen(args, environment);
    ending.process.stderr!.once("data", () => ending.process.kill("SIGINT"));
    const { code, stdout, stderr } = await ending.ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining("Ending after the files") as string });
    const [, filed] = /\n(\d+) sealed and filed now.*\n\nBroken off with \d+ files? not finished\. Run it again/.exec(stdout)!;
    const second = await answer<Imported>(...args);
    expect(second.alreadyThere).toBe(Number(filed));
    expect(second.filed).toBe(second.documents - Number(filed));
  });

  it("tells what it has filed when the node dies in the middle, and goes on from there", async () => {
    const data = join(terminal.folder, "dying");
    const network = await startTown(data);
    const source = await mkdtemp(join(terminal.folder, "dying-bundles-"));
    const bundles = [93, 94].map((index) => JSON.stringify(generatePatientBundle({ seed: "dying", index })));
    await writeFile(join(source, "first.json"), bundles[0]!);
    // Comes when the node is gone.
    const late = join(source, "late.json");
    await promisify(execFile)("mkfifo", [late]);
    const args = ["import", "fhir", source, "--author", HOSPITAL];
    const wallet = { GALEN_WALLET: join(data, "wallet") };
    const broken = spawnGalen(args, { ...wallet, GALEN_URL: network.url });
    await once(broken.process.stderr!, "data");
    await network.kill();
    await writeFile(late, bundles[1]!);
    const { code, stdout, stderr } = await broken.ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("[client/Unreachable]") as string });
    expect(stdout).toMatch(/^1 file: 1 patient.*\n[1-9]\d* sealed and filed now.*\n\nBroken off with 1 file not finished\. Run it again/);
    await rm(late);
    await writeFile(late, bundles[1]!);
    const again = await startGalen(data);
    const finished = await runGalen([...args, "--json"], { ...wallet, GALEN_URL: again.url });
    const { filed, alreadyThere, documents } = JSON.parse(finished.stdout) as Imported;
    expect([finished.code, filed + alreadyThere]).toEqual([0, documents]);
    expect(stdout).toContain(`\n${alreadyThere} sealed and filed now`);
    expect(await again.stop()).toBe(0);
  });

  it("finishes the founding of the town after a kill, and resumes it after that", async () => {
    const data = join(terminal.folder, "interrupted");
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
});
