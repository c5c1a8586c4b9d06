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
import { type Figure, timeMs } from "./measure.ts";

/*
 * `galen import fhir` of 30 patients into a fresh network over HTTP: read, check, split, seal, store, sign, durable on the ledger. The bundles are
 * those of GALEN_TEST_DATA where it exists, else the sample town's, which are smaller.
 */
const HOSPITAL = "Bench Hospital";

interface Source {
  readonly name: string;
  readonly files: readonly string[];
  readonly read: (file: string) => Promise<ReadyBundle>;
}

function source(): Source {
  const outside = outsideFiles("fhir/synthea-patients");
  if (outside.length > 0) {
    const read = (file: string) => readyBundle(checkBundle(readJson(outsideBytes(file)!, file), basename(file)), file);
    return { name: `${outside.length} Synthea patients`, files: outside, read };
  }
  const files = Array.from({ length: PATIENTS }, (_, index) => String(index));
  const read = (file: string) => readyBundle(checkBundle(generatePatientBundle({ seed: TOWN_SEED, index: Number(file) }), file), file);
  return { name: `${PATIENTS} patients of the sample town`, files, read };
}

async function measure(): Promise<Figure[]> {
  process.env.GALEN_PASSPHRASE = "of the bench"; // the wallet of a folder that is deleted at the end
  const folder = await mkdtemp(join(tmpdir(), "galen-bench-"));
  const wallet = join(folder, "wallet");
  const node = fork(join(import.meta.dirname, "import/serve-node.ts"), [folder, wallet, HOSPITAL]);
  try {
    const session = await openSession({ url: await nextMessage<string>(node), wallet });
    const author = await authorOf(session, { name: HOSPITAL });
    const { name, files, read } = source();
    let resources = 0;
    const ms = await timeMs(async () => {
      const result = await importBundles(session, { author, files, read });
      if (result.refused.length > 0) throw new Error(`${result.refused[0]!.file} was refused`);
      resources = result.files.reduce((sum, file) => sum + file.resources, 0);
    });
    const value = (resources / ms) * 1_000;
    const note = `${resources.toLocaleString("en-US")} resources, client and node in two processes`;
    node.send("stop");
    const memory = await nextMessage<number>(node);
    return [
      { name: `import, sealed, on the ledger, ${name}`, value, unit: "resources/s", goal: "2,000 resources/s", met: value >= 2_000, note },
      { name: "resident memory, node after the import", value: memory, unit: "MB", goal: "600 MB", met: memory < 600 },
    ];
  } finally {
    if (node.kill()) await once(node, "exit");
    await rm(folder, { recursive: true });
  }
}

async function nextMessage<T>(node: ChildProcess): Promise<T> {
  const [message] = (await once(node, "message")) as [T];
  return message;
}

console.log(JSON.stringify(await measure()));
