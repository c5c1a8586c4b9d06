import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatePatientBundle } from "@galen/cli/town/synthetic-patients/generate-patient-bundle";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runGalen, startGalen } from "./galen-process.ts";

const TIMEOUT_MS = 120_000;
const PASSPHRASE = "not on the disk";
const HOSPITAL = "Hospital of Nowhere";
const CLINICIAN = "Dr. Nobody Atall";
/** Short texts, and codes such as `confirmed`, stand in names of the ledger's own. */
const TELLING = /^(?=.*[^a-z-]).{8,}$/s;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-stolen-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("a stolen disk of a node shows no name and no text of a record that was filed, granted and read", { timeout: TIMEOUT_MS }, async () => {
  const bundle = generatePatientBundle({ seed: "stolen disk", index: 7 });
  const patient = nameIn(bundle);
  const data = join(folder, "data");
  const { chainId } = await fileGrantAndRead(data, { bundle, patient });

  const disk = await bytesOnDisk(data);
  const texts = [...textsIn(bundle), patient, HOSPITAL, CLINICIAN, PASSPHRASE].filter((text) => TELLING.test(text));
  expect(texts.length).toBeGreaterThan(500);
  expect(texts.filter((text) => disk.includes(text))).toEqual([]);
  expect(disk.includes(chainId), "the search finds what the node does hold").toBe(true);
});

async function fileGrantAndRead(data: string, { bundle, patient }: { bundle: object; patient: string }): Promise<{ chainId: string }> {
  const file = join(folder, "patient.json");
  await writeFile(file, JSON.stringify(bundle));
  const secret = { GALEN_PASSPHRASE: PASSPHRASE };
  const network = await startGalen(data, ["--empty", "--organisation", HOSPITAL], secret);
  const galen = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await runGalen([...args, "--json", "--url", network.url, "--wallet", join(data, "wallet")], secret);
    expect(code, `${args.join(" ")}: ${stdout}${stderr}`).toBe(0);
    return JSON.parse(stdout) as { readonly chainId: string };
  };
  try {
    await galen("import", "fhir", file, "--author", HOSPITAL);
    await galen("keys", "create", CLINICIAN);
    await galen("grant", "--as", patient, "--to", CLINICIAN, "--everything");
    await galen("read", "--as", CLINICIAN, "--patient", patient);
    return await galen("status");
  } finally {
    await network.stop();
  }
}

/** All files of a node's data folder one after the other; the wallet in it belongs to the clients. */
async function bytesOnDisk(data: string): Promise<Buffer> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const ofNode = files.filter((path) => !path.startsWith(join(data, "wallet")));
  return Buffer.concat(await Promise.all(ofNode.map((path) => readFile(path))));
}

/** Every text in a JSON value. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function nameIn(bundle: object): string {
  const { entry } = bundle as { entry: readonly { resource: { name: readonly [{ family: string; given: readonly string[] }] } }[] };
  const [{ family, given }] = entry[0]!.resource.name;
  return `${given[0]} ${family}`;
}
