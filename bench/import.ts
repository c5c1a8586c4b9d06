import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { authorOf } from "@galen/cli/import/author";
import { type ReadyBundle, readyBundle } from "@galen/cli/import/bundle-files";
import { importBundles } from "@galen/cli/import/import-bundles";
import { openSession } from "@galen/cli/session";
import { generatePatientBundle } from "@galen/cli/town/synthetic-patients/generate-patient-bundle";
import { PATIENTS, TOWN_SEED } from "@galen/cli/town/town";
import { checkBundle, readJson } from "@galen/gateway";
import { outsideBytes, outsideFiles } from "@galen/ledger/testing/outside-data";
import { type Figure, quantile, timeMs } from "./measure.ts";

/*
 * `galen import fhir` of 30 patients into a fresh network over HTTP: read, check, split, seal, store, sign, durable on the ledger. The bundles are those of
 * GALEN_TEST_DATA where it exists, else the sample town's, which are smaller. Once as the first thing that client and node do, then in networks of their own, after
 * as many invented patients.
 */
const HOSPITAL = "Bench Hospital";
const RUNS = 3;
const GOAL_PER_SECOND = 2_000;

interface Source {
  readonly name: string;
  readonly files: readonly string[];
  readonly read: (file: string) => Promise<ReadyBundle>;
}

/** Invented patients, who are others for another seed. */
function invented(seed: string): Source {
  const files = Array.from({ length: PATIENTS }, (_, index) => String(index));
  const read = (file: string) => readyBundle(checkBundle(generatePatientBundle({ seed, index: Number(file) }), file), file);
  return { name: `${PATIENTS} patients of the sample town`, files, read };
}

function measured(): Source {
  const files = outsideFiles("fhir/synthea-patients");
  if (files.length === 0) return invented(TOWN_SEED);
  const read = (file: string) => readyBundle(checkBundle(readJson(outsideBytes(file)!, file), basename(file)), file);
  return { name: `${files.length} Synthea patients`, files, read };
}

interface Run {
  readonly resources: number;
  readonly perSecond: number;
  /** Of the node, after it. */
  readonly memoryMb: number;
}

async function measureRun(warmUp: readonly Source[]): Promise<Run> {
  process.env.GALEN_PASSPHRASE = "of the bench"; // the wallet of a folder that is deleted at the end
  const folder = await mkdtemp(join(tmpdir(), "galen-bench-"));
  const wallet = join(folder, "wallet");
  const node = fork(join(import.meta.dirname, "import/serve-node.ts"), [folder, wallet, HOSPITAL]);
  try {
    const session = await openSession({ url: await nextMessage<string>(node), wallet });
    const author = await authorOf(session, { name: HOSPITAL });
    const importAll = async ({ files, read }: Source) => {
      const result = await importBundles(session, { author, files, read });
      if (result.refused.length > 0) throw new Error(`${result.refused[0]!.file} was refused`);
      return result.files.reduce((sum, file) => sum + file.resources, 0);
    };
    for (const source of warmUp) await importAll(source);
    let resources = 0;
    const ms = await timeMs(async () => {
      resources = await importAll(measured());
    });
    node.send("stop");
    return { resources, perSecond: (resources / ms) * 1_000, memoryMb: await nextMessage<number>(node) };
  } finally {
    if (node.kill()) await once(node, "exit");
    await rm(folder, { recursive: true });
  }
}

async function measure(): Promise<Figure[]> {
  const first = await measureRun([]);
  const runs: Run[] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await measureRun([invented("warm-up")]));
  const perSecond = quantile(
    runs.map((run) => run.perSecond),
    0.5,
  );
  const name = `import, sealed, on the ledger, ${measured().name}`;
  const spread = runs.map((run) => Math.round(run.perSecond).toLocaleString("en-US")).join(", ");
  const note = `${first.resources.toLocaleString("en-US")} resources, client and node in two processes; runs: ${spread}`;
  const goal = `${GOAL_PER_SECOND.toLocaleString("en-US")} resources/s`;
  const { memoryMb } = first;
  return [
    { name, value: perSecond, unit: "resources/s", goal, met: perSecond >= GOAL_PER_SECOND, note },
    { name: `${name}, the first that client and node do`, value: first.perSecond, unit: "resources/s" },
    { name: "resident memory, node after the import", value: memoryMb, unit: "MB", goal: "600 MB", met: memoryMb < 600 },
  ];
}

async function nextMessage<T>(node: ChildProcess): Promise<T> {
  const [message] = (await once(node, "message")) as [T];
  return message;
}

console.log(JSON.stringify(await measure()));
