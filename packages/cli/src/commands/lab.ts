import type { Command } from "commander";
import { parseCount } from "../choices.ts";
import { errors } from "../errors.ts";
import type { LabResult, PolicyResult } from "../lab/consensus-lab.ts";
import { prices } from "../lab/takeover.ts";
import { requireWritable, writeOutput } from "../output-file.ts";
import { type Answer, count, table } from "../terminal/answer.ts";
import { createProgress } from "../terminal/progress.ts";
import { addVerb } from "../verb.ts";

interface LabFlags {
  readonly seed: string;
  readonly nodes: string;
  readonly epochs: string;
  readonly budget: string;
  readonly chart: string;
}

/** Fewer cannot lose one and go on; more than so many cannot decide in one transaction. */
const NODES = { least: 4, most: 21 } as const;

/** `galen lab consensus`. */
export function addLab(program: Command): void {
  const group = program.command("lab").description("experiments that need no network");
  addVerb<LabFlags>(group, {
    usage: "consensus",
    summary: "Compare the four policies of voting power: one seed, one load, the ledger's own code in memory, a model of the network.",
    example: "galen lab consensus --seed one --nodes 10 --epochs 20 --chart consensus.svg",
    options: (command) =>
      command
        .option("--seed <text>", "the same seed gives the same result on every machine", "galen")
        .option("--nodes <number>", `organisations with a node, ${NODES.least} to ${NODES.most}`, "10")
        .option("--epochs <number>", "epochs of 20 blocks", "20")
        .option("--budget <shares>", "what an attacker spends in an epoch", "10000")
        .option("--chart <file>", "where the chart goes, as SVG", "consensus-lab.svg"),
    async run({ seed, nodes, epochs, budget, chart, json }) {
      const options = {
        ...{ seed, nodes: nodesOf(nodes) },
        ...{ epochs: parseCount("--epochs", epochs), budget: parseCount("--budget", budget) },
      };
      await requireWritable(chart);
      const [{ runLab }, { labChart }] = await Promise.all([import("../lab/consensus-lab.ts"), import("../lab/lab-chart.ts")]);
      const progress = createProgress({ silent: json });
      const result = await runLab(options, (done, kind) => progress.report(done, 4, `policies run, now ${kind}`));
      progress.end();
      await writeOutput(chart, Buffer.from(labChart(result)));
      return labAnswer(result, chart);
    },
  });
}

function nodesOf(text: string): number {
  const nodes = parseCount("--nodes", text);
  if (nodes < NODES.least || nodes > NODES.most)
    throw errors.BadValue({ option: "--nodes", value: text, reason: `a whole number from ${NODES.least} to ${NODES.most}` });
  return nodes;
}

function labAnswer(result: LabResult, chart: string): Answer {
  const headings = [
    "policy",
    "nodes",
    "finality",
    "95 %",
    "tx/s full",
    "messages",
    "hashes",
    "third held by",
    "Gini",
    "a third costs",
    "takes",
  ];
  const lines = [
    table(headings, result.policies.map(row)),
    "",
    `${count(result.blocks, "block")} with ${count(result.transactions, "transaction")}, executed by the ledger. Times and messages are those of a model: Tendermint's rounds,`,
    "5 to 65 ms between nodes, one node away for 40 blocks. Costs are in shares, at prices that are assumptions: an organisation that obeys",
    `${prices.organisation.toLocaleString("en")}, a thousand hashes ${prices.kilohash.toLocaleString("en")}; the attacker spends ${result.budget.toLocaleString("en")} in an epoch.`,
    `Chart: ${chart}`,
  ];
  return { json: { ...result, chart }, text: lines.join("\n") };
}

function row({ takeover, ...result }: PolicyResult): string[] {
  return [
    result.policy,
    String(result.validators),
    `${result.finalityMs} ms`,
    `${result.finality95Ms} ms`,
    result.throughput.toLocaleString("en"),
    String(result.messages),
    result.hashes.toLocaleString("en"),
    String(result.nakamoto),
    result.gini.toFixed(2),
    takeover.cost.toLocaleString("en"),
    takeover.epochs === undefined ? "never" : count(takeover.epochs, "epoch"),
  ];
}
