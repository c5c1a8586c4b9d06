import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { authorOf } from "@galen/cli/import/author";
import { bundleFiles, readBundleFile, readCheckedFile } from "@galen/cli/import/bundle-files";
import { type ImportedFile, type ImportResult, importBundles } from "@galen/cli/import/import-bundles";
import { actorOf, openSession, type Session } from "@galen/cli/session";
import { printFailure } from "@galen/cli/terminal/failure";
import { generatePatientBundle } from "@galen/cli/town/synthetic-patients/generate-patient-bundle";
import type { CheckedBundle } from "@galen/gateway";
import { inParallel } from "@galen/sdk";
import type { GalenNetwork } from "./galen-process.ts";
import { type Cast, engageCast } from "./story/cast.ts";
import { type Ending, type ToldPatient, tellPatient } from "./story/patient-story.ts";
import { readModelOf } from "./story/read-model.ts";
import { createNotebook, type Notebook, reportRows } from "./story/report.ts";
import { SHORT_LIFE_MS } from "./story/story-grants.ts";
import { oneNode, type StoryStage, severalNodes } from "./story/story-network.ts";

const PARALLEL_PATIENTS = 4;
const PASSPHRASE = "of the story";

/**
 * The whole story over all bundles of a folder, or over generated ones, against a fresh network: everything goes in, is read and refused in every way,
 * logged, proven, and comes back equal; the node is killed and restarted in between, and its read model rebuilt. Prints one JSON object; exit 1 on any
 * mismatch.
 */
async function tellStory(stage: StoryStage, files: readonly string[], notebook: Notebook): Promise<void> {
  const startedAt = performance.now();
  notebook.begins("the network is founded");
  let network = await stage.start();
  const open = () => openSession({ url: network.url, wallet: stage.wallet });
  try {
    const first = await open();
    const cast = await engageCast(first, stage);
    const author = { name: stage.hospital };
    notebook.begins(`files are imported: ${files.length}`);
    const imported = await importAll(first, { author, files }, notebook);
    const told = await toldPatients(first, imported);
    const half = Math.ceil(told.length / 2);
    notebook.begins(`${half} of ${told.length} patients grant, are read and refuse`);
    await tellAll(first, told.slice(0, half), { stage, cast, notebook });
    notebook.begins("everything is killed and started again; the other patients follow");
    await network.kill();
    network = await stage.start();
    const second = await open();
    await tellAll(second, told.slice(half), { stage, cast, notebook });
    notebook.begins("the files are imported a second time, which must file nothing");
    await importAgain(second, { author, files }, notebook);
    notebook.begins("the read models are deleted and built again");
    network = await rebuildReadModel({ stage, network, told, open, notebook });
    notebook.check((await network.stop()) === 0, "the node did not stop cleanly");
  } finally {
    await network.kill();
  }
  notebook.report.secondsTotal = Math.round(performance.now() - startedAt) / 1_000;
}

interface Import {
  readonly author: { readonly name: string };
  readonly files: readonly string[];
}

async function importAll(session: Session, what: Import, { report, check }: Notebook): Promise<ImportResult> {
  const result = await importFiles(session, what);
  report.filesRefused = result.refused.length;
  check(result.files.length > 0, "no file could be imported");
  return result;
}

async function importFiles(session: Session, { author, files }: Import): Promise<ImportResult> {
  return importBundles(session, { author: await authorOf(session, author), files, read: readBundleFile });
}

async function importAgain(session: Session, what: Import, { check }: Notebook): Promise<void> {
  const { files: imported } = await importFiles(session, what);
  const filed = imported.reduce((sum, file) => sum + file.filed, 0);
  check(filed === 0, `importing everything again filed ${filed} documents`);
}

async function toldPatients(session: Session, { files }: ImportResult): Promise<readonly ToldPatient[]> {
  const byAccount = Map.groupBy(files, ({ account }) => account);
  return Promise.all(
    [...byAccount].map(async ([account, own]) => ({ patient: await actorOf(session, account), bundles: await bundlesOf(own) })),
  );
}

function bundlesOf(files: readonly ImportedFile[]): Promise<CheckedBundle[]> {
  return Promise.all(files.map(({ file }) => readCheckedFile(file)));
}

interface Telling {
  readonly stage: StoryStage;
  readonly cast: Cast;
  readonly notebook: Notebook;
}

async function tellAll(session: Session, told: readonly ToldPatient[], { stage, cast, notebook }: Telling): Promise<void> {
  const endings: Ending[] = await inParallel(told, PARALLEL_PATIENTS, (one) => tellPatient(session, one, cast, notebook));
  await sleep(SHORT_LIFE_MS + stage.blockTimeAgeMs);
  await inParallel(endings, PARALLEL_PATIENTS, (end) => end());
}

interface Rebuilding {
  readonly stage: StoryStage;
  readonly network: GalenNetwork;
  readonly told: readonly ToldPatient[];
  readonly open: () => Promise<Session>;
  readonly notebook: Notebook;
}

/** Deletes the read model and compares the one that the node makes from its blocks. */
async function rebuildReadModel({ stage, network, told, open, notebook }: Rebuilding): Promise<GalenNetwork> {
  const owners = told.map(({ patient }) => patient);
  const before = await readModelOf((await open()).client, owners);
  await network.stop();
  await stage.deleteReadModels();
  const restarted = await stage.start();
  const { client } = await openSession({ url: restarted.url, wallet: stage.wallet });
  notebook.check((await readModelOf(client, owners)) === before, "the rebuilt read model differs from the one before");
  return restarted;
}

/** Bundles of invented patients, for whoever brings none. */
async function generateFiles(folder: string, patients: number): Promise<readonly string[]> {
  const files = Array.from({ length: patients }, (_, index) => join(folder, `patient-${index}.json`));
  for (const [index, file] of files.entries()) await writeFile(file, JSON.stringify(generatePatientBundle({ seed: "story", index })));
  return files;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      json: { type: "boolean", default: false },
      patients: { type: "string", default: "30" },
      /** How many organisations' nodes it is told against; by default one machine. */
      network: { type: "string" },
    },
  });
  if (!/^[1-9][0-9]{0,3}$/.test(values.patients)) throw new Error("--patients takes a number from 1 to 9999");
  process.env.GALEN_PASSPHRASE = PASSPHRASE;
  const folder = await mkdtemp(join(tmpdir(), "galen-story-"));
  // With --json nothing but the report is printed, unless something is wrong.
  const tell = (line: string) => {
    if (!values.json) console.error(line);
  };
  const notebook = createNotebook(tell);
  try {
    const files = values.data === undefined ? await generateFiles(folder, Number(values.patients)) : await bundleFiles([values.data]);
    const place = join(folder, "data");
    const stage = values.network === undefined ? oneNode(place) : await severalNodes(place, values.network);
    await tellStory(stage, files, notebook);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (values.json) console.log(JSON.stringify(notebook.report, undefined, 2));
  else console.table(reportRows(notebook.report));
  const { mismatches } = notebook;
  tell(mismatches.length === 0 ? "Everything was as it must be." : `${mismatches.length} things were not as they must be:`);
  for (const mismatch of mismatches.slice(0, 50)) console.error(mismatch);
  if (mismatches.length > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  printFailure(error, {});
  process.exitCode = 1;
}
