import { execFileSync } from "node:child_process";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Figure } from "./measure.ts";

/** `npm run bench`: every benchmark in a process of its own (so that one's heap does not slow the next), a table or `--json`. */
const benchmarks = ["signatures", "state-tree", "ledger", "sealing", "release", "import"] as const;

const { values, positionals } = parseArgs({ options: { json: { type: "boolean", default: false } }, allowPositionals: true });
const chosen = positionals.length > 0 ? positionals : benchmarks;

const figures: Figure[] = [];
for (const name of chosen) {
  if (!values.json) process.stderr.write(`${name} …\n`);
  const output = execFileSync(process.execPath, ["--expose-gc", `${import.meta.dirname}/${name}.ts`], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1e8,
  });
  figures.push(...(JSON.parse(output) as Figure[]));
}

const machine = {
  date: new Date().toISOString(),
  commit: commit(),
  node: process.version,
  cores: availableParallelism(),
  cpu: cpus()[0]?.model ?? "unknown",
};
if (values.json) console.log(JSON.stringify({ machine, figures }, undefined, 2));
else printTable();

function commit(): string {
  return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
}

function printTable(): void {
  console.log(`${machine.date} · ${machine.commit} · Node ${machine.node} · ${machine.cores} cores · ${machine.cpu}\n`);
  console.log("| what | measured | limit in the same run | ratio | goal | met |\n|---|---|---|---|---|---|");
  for (const { name, value, unit, limit, goal = "", met, note } of figures) {
    const bound = limit ? `${limit.name}: ${round(limit.value)} ${unit}` : "";
    const ratio = limit ? (value / limit.value).toFixed(2) : "";
    console.log(
      `| ${name}${note ? ` (${note})` : ""} | ${round(value)} ${unit} | ${bound} | ${ratio} | ${goal} | ${met === undefined ? "" : met ? "yes" : "no"} |`,
    );
  }
}

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}
