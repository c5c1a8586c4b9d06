import { createRandom } from "../town/synthetic-patients/random.ts";
import { giniCoefficient, nakamotoCoefficient } from "./concentration.ts";
import { crowdOf, operatorsOf } from "./lab-chain.ts";
import { createRoundModel } from "./round-model.ts";
import { COMMIT_PAUSE_MS, modelNodes, type PolicyRun, runPolicy } from "./run-policy.ts";
import { type LabOptions, type PolicyKind, participantsOf, policyKinds } from "./scenario.ts";
import { type Takeover, takeOver } from "./takeover.ts";

/** How one policy did. */
export interface PolicyResult {
  readonly policy: PolicyKind;
  /** Nodes with power at the end. */
  readonly validators: number;
  /** From a proposal until it is final with more than two thirds of the power: mean and the slowest twentieth's best. */
  readonly finalityMs: number;
  readonly finality95Ms: number;
  /** Transactions a second in full blocks, everybody present. */
  readonly throughput: number;
  /** Messages between nodes for one block. */
  readonly messages: number;
  /** Hashes that were tried for puzzles: the proxy for energy. */
  readonly hashes: number;
  /** The fewest organisations that together have a third of the power. */
  readonly nakamoto: number;
  /** 0: all organisations have the same power; towards 1: one has all. */
  readonly gini: number;
  readonly takeover: Takeover;
  /** Share of the largest organisation, epoch by epoch. */
  readonly largestShares: readonly number[];
}

export interface LabResult extends LabOptions {
  readonly blocks: number;
  readonly transactions: number;
  readonly policies: readonly PolicyResult[];
}

const FULL_BLOCK = { megabytes: 1, transactions: 2_048 } as const;
const FULL_BLOCKS = 50;

/** The four policies under one seed and one load. `report` hears which one is being run. */
export async function runLab(options: LabOptions, report: (done: number, kind: PolicyKind) => void): Promise<LabResult> {
  const participants = participantsOf(options);
  const operators = await operatorsOf(options.seed, participants);
  const crowd = await crowdOf(options.seed);
  const policies: PolicyResult[] = [];
  let [blocks, transactions] = [0, 0];
  for (const kind of policyKinds) {
    report(policies.length, kind);
    const run = await runPolicy(kind, options, { operators, crowd });
    const throughput = fullThroughput(modelNodes(operators, run.finalSet, Number.NEGATIVE_INFINITY), options.seed);
    policies.push({ policy: kind, ...measures(run), throughput, takeover: takeOver(kind, options, participants) });
    blocks += run.blocks.length;
    transactions += run.transactions;
  }
  return { ...options, blocks, transactions, policies };
}

function measures({ blocks, hashes, shares, finalSet }: PolicyRun) {
  const finality = blocks.map(({ finalityMs }) => finalityMs).toSorted((a, b) => a - b);
  const last = shares.at(-1)!;
  return {
    validators: finalSet.length,
    finalityMs: Math.round(mean(finality)),
    finality95Ms: Math.round(finality[Math.floor(finality.length * 0.95)]!),
    messages: Math.round(mean(blocks.map(({ messages }) => messages))),
    hashes,
    nakamoto: nakamotoCoefficient(last),
    gini: Math.round(giniCoefficient(last) * 1_000) / 1_000,
    largestShares: shares.map((epoch) => Math.round(Math.max(...epoch) * 1_000) / 1_000),
  };
}

function fullThroughput(nodes: ReturnType<typeof modelNodes>, seed: string): number {
  const model = createRoundModel(createRandom(`${seed}/full`));
  const finality = Array.from({ length: FULL_BLOCKS }, () => model.next(nodes, FULL_BLOCK.megabytes).finalityMs);
  return Math.round((FULL_BLOCK.transactions * 1_000) / (mean(finality) + COMMIT_PAUSE_MS));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
