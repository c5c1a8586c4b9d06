import { rm } from "node:fs/promises";
import { join } from "node:path";
import { settings } from "@galen/node/settings";
import { type GalenNetwork, runGalen, spawnGalen, startGalen, whenReady } from "../galen-process.ts";

/** A round of consensus on a busy machine. */
const ROUND_MS = 1_000;

/** What the story is told against: one node, or the nodes of several organisations. */
export interface StoryStage {
  readonly wallet: string;
  /** Whose name the story's hospital bears in the wallet. */
  readonly hospital: string;
  /** Names of the organisations that decide together. */
  readonly founders: readonly string[];
  /** How old block time may be when a block is made after a pause, milliseconds: what expires does so with that delay. */
  readonly blockTimeAgeMs: number;
  /** Founds the network the first time, resumes it afterwards. */
  start(): Promise<GalenNetwork>;
  /** Deletes every read model of the stopped network. */
  deleteReadModels(): Promise<void>;
}

/** A network of one machine, founded by one hospital. */
export function oneNode(folder: string): StoryStage {
  const hospital = "Story Hospital";
  return {
    wallet: join(folder, "wallet"),
    hospital,
    founders: [hospital],
    blockTimeAgeMs: 0,
    start: () => startGalen(folder, ["--empty", "--organisation", hospital]),
    deleteReadModels: () => deleteReadModel(folder),
  };
}

/** A network of several organisations, a node each. Nothing of the story differs. */
export async function severalNodes(folder: string, count: string): Promise<StoryStage> {
  const created = await runGalen(["network", "create", "--organisations", count, "--dir", folder]);
  if (created.code !== 0) throw new Error(created.stderr.trim());
  const organisations = Number(count);
  const founders = Array.from({ length: organisations }, (_, index) => `Organisation ${index + 1}`);
  return {
    wallet: join(folder, "wallet"),
    hospital: founders[0]!,
    founders,
    blockTimeAgeMs: settings.cometbftEmptyBlockIntervalMs.default + ROUND_MS,
    start: () => startNetwork(folder),
    async deleteReadModels() {
      for (let number = 1; number <= organisations; number++) await deleteReadModel(join(folder, `organisation-${number}`));
    },
  };
}

interface StartedNodes {
  readonly nodes: readonly { readonly url: string; readonly processId: number }[];
}

/** A kill takes all nodes at once, as a power cut takes a machine. */
async function startNetwork(folder: string): Promise<GalenNetwork> {
  const { process: child, ended } = spawnGalen(["network", "start", folder, "--json"]);
  const { nodes } = (await whenReady({ process: child, ended })) as StartedNodes;
  return {
    url: nodes[0]!.url,
    process: child,
    async stop() {
      child.kill("SIGTERM");
      return (await ended).code;
    },
    async kill() {
      child.kill("SIGKILL");
      for (const { processId } of nodes) killIfThere(processId);
      await ended;
    },
  };
}

function killIfThere(processId: number): void {
  try {
    process.kill(processId, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function deleteReadModel(folder: string): Promise<void> {
  for (const suffix of ["", "-wal", "-shm"]) await rm(join(folder, `index.sqlite${suffix}`), { force: true });
}
