import type { Random } from "../town/synthetic-patients/random.ts";

/** A validator in the model of the network. */
export interface ModelNode {
  readonly key: string;
  readonly power: number;
  readonly x: number;
  readonly y: number;
  readonly isAway: boolean;
}

/** How one block became final. */
export interface FinalBlock {
  /** From the proposal until nodes with more than two thirds of the power have it final. */
  readonly finalityMs: number;
  readonly rounds: number;
  readonly messages: number;
}

/** A delay is so long at least; across the whole square it is about BASE + ACROSS. Jitter adds up to a third. */
const BASE_MS = 5;
const ACROSS_MS = 60;
const JITTER_PERCENT = 33;
/** Doubled by every node that gets the proposal directly, as with gossip. */
const MEGABYTE_MS = 80;
const PROPOSE_TIMEOUT_MS = 1_000;

export interface RoundModel {
  next(nodes: readonly ModelNode[], blockMegabytes: number): FinalBlock;
}

/**
 * Tendermint's rounds (Buchman, Kwon, Milosevic, arXiv:1807.04938) between nodes on a square: proposal, prevotes, precommits, each to everybody directly.
 * Proposers take turns in proportion to their power. A proposer that is away costs its time-out and a round of votes for nothing.
 */
export function createRoundModel(random: Random): RoundModel {
  const priorities = new Map<string, number>();

  function nextProposer(nodes: readonly ModelNode[]): ModelNode {
    const total = nodes.reduce((sum, { power }) => sum + power, 0);
    for (const { key, power } of nodes) priorities.set(key, (priorities.get(key) ?? 0) + power);
    const proposer = nodes.reduce((best, node) => (priorities.get(node.key)! > priorities.get(best.key)! ? node : best));
    priorities.set(proposer.key, priorities.get(proposer.key)! - total);
    return proposer;
  }

  function delay(from: ModelNode, to: ModelNode): number {
    if (from === to) return 0;
    const distance = Math.hypot(from.x - to.x, from.y - to.y) / Math.SQRT2;
    return (BASE_MS + ACROSS_MS * distance) * (1 + random.integer(0, JITTER_PERCENT) / 100);
  }

  /** When each node has heard of more than two thirds of the power. */
  function quorumTimes(present: readonly ModelNode[], sentAt: readonly number[], total: number): number[] {
    return present.map((to) =>
      quorumTime(
        present.map((from, at) => ({ power: from.power, at: sentAt[at]! + delay(from, to) })),
        total,
      ),
    );
  }

  return {
    next(nodes, blockMegabytes) {
      const total = nodes.reduce((sum, { power }) => sum + power, 0);
      const present = nodes.filter(({ isAway }) => !isAway);
      const votes = 2 * present.length * (nodes.length - 1);
      let [lostMs, rounds, messages] = [0, 1, 0];
      let proposer = nextProposer(nodes);
      for (; proposer.isAway && rounds <= nodes.length * 4; rounds++) {
        lostMs += PROPOSE_TIMEOUT_MS + 2 * (BASE_MS + ACROSS_MS);
        messages += votes;
        proposer = nextProposer(nodes);
      }
      const spread = blockMegabytes * MEGABYTE_MS * Math.log2(nodes.length + 1);
      const prevotes = present.map((node) => delay(proposer, node) + spread);
      const precommits = quorumTimes(present, prevotes, total);
      const commits = quorumTimes(present, precommits, total);
      const finalAt = quorumTime(
        present.map(({ power }, at) => ({ power, at: commits[at]! })),
        total,
      );
      return { finalityMs: lostMs + finalAt, rounds, messages: messages + nodes.length - 1 + votes };
    },
  };
}

/** When more than two thirds of the power have arrived. Throws when they never do. */
function quorumTime(arrivals: readonly { readonly power: number; readonly at: number }[], total: number): number {
  let power = 0;
  for (const arrival of arrivals.toSorted((a, b) => a.at - b.at)) {
    power += arrival.power;
    if (power * 3 > total * 2) return arrival.at;
  }
  throw new Error("a third of the power is away: the chain stands still");
}
