import type { Policy, Settings } from "@galen/ledger/modules/validators/settings";
import { createRandom, type Random } from "../town/synthetic-patients/random.ts";

/** What is tried, for all policies alike. */
export interface LabOptions {
  readonly seed: string;
  /** Organisations with a node each. */
  readonly nodes: number;
  readonly epochs: number;
  /** What an attacker may spend in an epoch, in shares. */
  readonly budget: number;
}

/** One organisation of the trial: what it brings, and where it fails. */
export interface Participant {
  readonly name: string;
  /** Shares that it bonds to its own node. */
  readonly stake: number;
  /** Shares of others, bonded to its node. */
  readonly delegated: number;
  /** Hashes that it tries in an epoch. */
  readonly hashesPerEpoch: number;
  /** Place on a square of one unit; distance is delay. */
  readonly x: number;
  readonly y: number;
  /** Heights at which its node is away. */
  readonly awayFrom: number;
  readonly awayUntil: number;
}

export const EPOCH_BLOCKS = 20;
export const SOLUTIONS_PER_EPOCH = 24;
/** Small, so that a lab needs seconds; shares of the hashes decide, not their number. */
export const DIFFICULTY = 100;
const HASHES_PER_EPOCH = SOLUTIONS_PER_EPOCH * DIFFICULTY;
const LARGEST_STAKE = 10_000;
/** A node is away for so long: longer than it takes to be jailed. */
const AWAY_BLOCKS = 40;

/** Everything a participant is and does, from the seed. Riches fall off as 1/rank, in another order for stake, trust and machines. */
export function participantsOf({ seed, nodes, epochs }: LabOptions): Participant[] {
  const random = createRandom(`${seed}/participants`);
  const [stakes, trust, machines] = [shuffled(nodes, random), shuffled(nodes, random), shuffled(nodes, random)];
  const harmonic = Array.from({ length: nodes }, (_, rank) => 1 / (rank + 1)).reduce((sum, part) => sum + part, 0);
  const away = random.integer(0, nodes - 1);
  const blocks = epochs * EPOCH_BLOCKS;
  const awayFrom = random.integer(Math.floor(blocks / 4), Math.floor(blocks / 2));
  return Array.from({ length: nodes }, (_, at) => ({
    name: `organisation-${String(at + 1).padStart(2, "0")}`,
    stake: Math.round(LARGEST_STAKE / (stakes[at]! + 1)),
    delegated: Math.round(LARGEST_STAKE / (trust[at]! + 1)),
    hashesPerEpoch: Math.round(HASHES_PER_EPOCH / (machines[at]! + 1) / harmonic),
    x: random.integer(0, 1_000) / 1_000,
    y: random.integer(0, 1_000) / 1_000,
    awayFrom: at === away ? awayFrom : Number.POSITIVE_INFINITY,
    awayUntil: at === away ? awayFrom + AWAY_BLOCKS : Number.POSITIVE_INFINITY,
  }));
}

/** Ranks from 0 in an order of chance. */
function shuffled(count: number, random: Random): number[] {
  const ranks = Array.from({ length: count }, (_, rank) => rank);
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(0, last);
    [ranks[last], ranks[other]] = [ranks[other]!, ranks[last]!];
  }
  return ranks;
}

export type PolicyKind = Policy["kind"];
export const policyKinds: readonly PolicyKind[] = ["equal", "stake", "delegated", "work"];

/** The policy as the lab runs it: seats for half of the nodes, no cap, a window of twelve epochs. */
export function policyOf(kind: PolicyKind, { nodes }: Pick<LabOptions, "nodes">): Policy {
  switch (kind) {
    case "equal":
      return { kind };
    case "stake":
      return { kind, capBasisPoints: 10_000 };
    case "delegated":
      return { kind, seats: Math.max(4, Math.ceil(nodes / 2)), power: "equal" };
    case "work":
      return {
        kind,
        windowEpochs: 12,
        solutionsPerEpoch: SOLUTIONS_PER_EPOCH,
        difficulty: DIFFICULTY,
        founderBasisPoints: 5_000,
        fadeEpochs: 6,
      };
  }
}

export function settingsOf(kind: PolicyKind, options: Pick<LabOptions, "nodes">): Settings {
  return {
    policy: policyOf(kind, options),
    admission: "open",
    epochBlocks: EPOCH_BLOCKS,
    minValidators: Math.min(4, options.nodes),
    readinessBlocks: 2 * EPOCH_BLOCKS,
    unbondingEpochs: 10,
    epochReward: 0,
    downtime: { sampleBlocks: 2, windowBlocks: 40, maxMissed: 8, jailBlocks: EPOCH_BLOCKS, slashBasisPoints: 0 },
    doubleSign: { jailBlocks: 100, slashBasisPoints: 500 },
  };
}
