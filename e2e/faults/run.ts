import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { inspect, parseArgs } from "node:util";
import { installCometbft } from "../../scripts/cometbft.ts";
import { GoMissing } from "../../scripts/go.ts";
import { clockFaults } from "./clock-faults.ts";
import { consensusFaults } from "./consensus-faults.ts";
import { custodianFaults } from "./custodian-faults.ts";
import type { FaultCase, Observation } from "./fault-case.ts";
import { checkInvariants } from "./invariants.ts";
import { createLab, type Lab } from "./lab.ts";
import { startLoad } from "./load.ts";
import { machineFaults } from "./machine-faults.ts";
import { networkFaults } from "./network-faults.ts";
import { missingMeans } from "./places.ts";
import { processFaults } from "./process-faults.ts";
import { storageFaults } from "./storage-faults.ts";
import { greatestHeight } from "./watching.ts";

/*
 * `npm run test:network`: makes every fault in a network of four organisations under load, one after the other, and checks after each what must
 * hold at every node. `--short` takes the few of every change, names choose some, `--json FILE` keeps the results. Exit code 1 when one failed.
 */
const all: readonly FaultCase[] = [
  ...processFaults,
  ...networkFaults,
  ...storageFaults,
  ...clockFaults,
  ...custodianFaults,
  ...consensusFaults,
  ...machineFaults,
];
const { values, positionals } = parseArgs({
  options: { short: { type: "boolean", default: false }, json: { type: "string" }, rate: { type: "string", default: "20" } },
  allowPositionals: true,
});

/** What was told is long; it stands in the file. */
const COLUMNS = ["fault", "outcome", "blocksDuring", "recoveryMs", "acknowledged", "reads", "height", "seconds"];

interface Result {
  readonly fault: string;
  readonly outcome: "held" | "FAILED" | "skipped";
  readonly blocksDuring?: number;
  readonly recoveryMs?: number;
  readonly acknowledged?: number;
  readonly reads?: string;
  readonly height?: number;
  readonly seconds?: number;
  readonly told: string;
}

/** Keys that a case has taken the power from, for the cases after it as well. */
const powerless = new Set<string>();

async function runCase(lab: Lab, fault: FaultCase): Promise<Result> {
  const lack = fault.missing?.(lab);
  if (lack !== undefined) return { fault: fault.name, outcome: "skipped", told: `needs ${lack}` };
  const startAt = performance.now();
  const from = Math.max(1, await greatestHeight(lab.nodes));
  const load = startLoad({ chainId: lab.chainId, nodes: lab.nodes, perSecond: Number(values.rate) });
  try {
    const observation: Observation = await fault.run(lab);
    await load.finish(lab.nodes[0]!);
    const { seen, powerless: newly = [], ...figures } = observation;
    for (const key of newly) powerless.add(key);
    const voters = lab.nodes.map(({ validatorKey }) => validatorKey).filter((key) => !powerless.has(key));
    const height = await checkInvariants({ nodes: lab.nodes, acknowledged: load.acknowledged, from, voters });
    const reads = await readEverywhere(lab);
    const seconds = Math.round((performance.now() - startAt) / 1_000);
    return { fault: fault.name, outcome: "held", ...figures, acknowledged: load.acknowledged.length, reads, height, seconds, told: seen };
  } catch (error) {
    await load.finish(lab.nodes[0]!).catch(() => undefined); // the first failure is the one to tell
    return { fault: fault.name, outcome: "FAILED", told: inspect(error) };
  }
}

/** After the fault a granted read works through every node. */
async function readEverywhere({ nodes, reading }: Lab): Promise<string> {
  for (const { client } of nodes) await reading.read(client);
  return `${nodes.length} of ${nodes.length}`;
}

function chosenCases(): readonly FaultCase[] {
  if (positionals.length === 0) return all.filter(({ isShort }) => !values.short || isShort);
  const chosen = all.filter(({ name }) => positionals.some((part) => name.includes(part)));
  if (chosen.length === 0)
    throw new Error(`no fault has a name with ${positionals.join(" or ")}: ${all.map(({ name }) => name).join("; ")}`);
  return chosen;
}

/** The program; undefined without Go, which on CI is a failure. */
async function cometbft(): Promise<string | undefined> {
  return installCometbft().catch((error: unknown) => {
    if (error instanceof GoMissing && process.env.CI !== "true") return undefined;
    throw error;
  });
}

async function runAll(cases: readonly FaultCase[], cometbftBinary: string): Promise<readonly Result[]> {
  const results: Result[] = [];
  const lab = await createLab({ organisations: 4, cometbftBinary, tell });
  // Whoever ends the run alone, not its group of processes, leaves no nodes behind.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void lab.close().finally(() => process.exit(130)));
  try {
    for (const fault of cases) {
      tell(fault.name);
      const result = await runCase(lab, fault);
      results.push(result);
      if (result.outcome !== "held") tell(`${result.outcome}: ${result.told}`);
      if (result.outcome === "FAILED") break; // what comes after it would say nothing
    }
  } finally {
    await lab.close();
  }
  return results;
}

async function report(results: readonly Result[]): Promise<void> {
  console.table(results, COLUMNS);
  if (values.json !== undefined) {
    const machine = {
      date: new Date().toISOString(),
      node: process.version,
      cores: availableParallelism(),
      networkFaults: missingMeans() ?? "namespaces",
    };
    await writeFile(values.json, `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
  }
  if (results.some(({ outcome }) => outcome === "FAILED")) process.exitCode = 1;
}

const tell = (what: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${what}`);
const program = await cometbft();
if (program === undefined) console.error("The fault lab is skipped: CometBFT is built with Go 1.25 or newer, and there is no Go.");
else await report(await runAll(chosenCases(), program));
