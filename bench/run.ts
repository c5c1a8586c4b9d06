import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Figure } from "./measure.ts";

/*
 * `npm run bench`: every benchmark in a process of its own (so that one's heap does not slow the next), a table or `--json`. `--full` takes the
 * sizes of the goals instead of a tenth, `--write` puts the table into docs/performance.md, names choose some of the benchmarks.
 */
const benchmarks: Readonly<Record<string, { readonly quick: readonly string[]; readonly full: readonly string[] }>> = {
  signatures: { quick: [], full: [] },
  "state-tree": { quick: ["100000"], full: ["100000", "1000000"] },
  ledger: { quick: ["100000"], full: ["1000000"] },
  sealing: { quick: [], full: [] },
  release: { quick: [], full: [] },
  import: { quick: [], full: [] },
  network: { quick: [], full: ["15"] },
  web: { quick: [], full: [] },
};
const options = {
  json: { type: "boolean", default: false },
  full: { type: "boolean", default: false },
  write: { type: "boolean", default: false },
} as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });

const machine = {
  date: new Date().toISOString(),
  commit: execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).trim(),
  node: process.version,
  cores: availableParallelism(),
  cpu: cpus()[0]?.model ?? "unknown",
  /** Processes that wanted a core in the minute before: above zero, absolute figures are too low. */
  loadBefore: loadavg()[0]!,
};

const chosen = positionals.length > 0 ? positionals : Object.keys(benchmarks);
const unknown = chosen.find((name) => !Object.hasOwn(benchmarks, name));
if (unknown !== undefined) throw new Error(`there is no benchmark ${unknown}; there are ${Object.keys(benchmarks).join(", ")}`);

const failed: string[] = [];
const figures = chosen.flatMap(runBenchmark);
if (values.json) console.log(JSON.stringify({ machine, figures }, undefined, 2));
else console.log(table());
// A table without the failed ones would take the place of a whole one.
if (values.write && failed.length === 0) writeTable(join(import.meta.dirname, "../docs/performance.md"));
if (failed.length > 0) {
  process.stderr.write(`failed: ${failed.join(", ")}\n`);
  process.exitCode = 1;
}

/** None, after noting its name, when it fails: what the others take minutes for is not to be lost. */
function runBenchmark(name: string): Figure[] {
  if (!values.json) process.stderr.write(`${name} …\n`);
  const command = ["--expose-gc", join(import.meta.dirname, `${name}.ts`), ...benchmarks[name]![values.full ? "full" : "quick"]];
  try {
    return JSON.parse(execFileSync(process.execPath, command, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] })) as Figure[];
  } catch (error) {
    process.stderr.write(`${name}: ${(error as Error).message}\n`);
    failed.push(name);
    return [];
  }
}

function table(): string {
  const { date, commit, node, cores, cpu, loadBefore } = machine;
  const heading = `${date} · commit ${commit} · Node ${node} · ${cores} cores · ${cpu} · load before the run ${loadBefore.toFixed(1)}`;
  return [
    heading,
    "",
    "| what | measured | limit in the same run | ratio | goal | met |",
    "|---|---|---|---|---|---|",
    ...figures.map(row),
  ].join("\n");
}

function row({ name, value, unit, limit, goal = "", met, note }: Figure): string {
  const bound = limit ? `${limit.name}: ${round(limit.value)} ${unit}` : "";
  const ratio = limit ? (value / limit.value).toFixed(2) : "";
  const verdict = met === undefined ? "" : met ? "yes" : "no";
  return `| ${name}${note ? ` (${note})` : ""} | ${round(value)} ${unit} | ${bound} | ${ratio} | ${goal} | ${verdict} |`;
}

/** Replaces the table between the two marks. */
function writeTable(path: string): void {
  const [begin, end] = ["<!-- bench: begin -->", "<!-- bench: end -->"];
  const text = readFileSync(path, "utf8");
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  writeFileSync(path, `${text.slice(0, from)}\n\n${table()}\n\n${text.slice(to)}`);
}

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}
