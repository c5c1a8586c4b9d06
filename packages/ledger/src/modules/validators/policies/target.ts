import type { Validator } from "../../../app/parameters.ts";
import type { Policy } from "../settings.ts";
import type { Candidate, Weighted } from "./candidate.ts";
import { delegatedTarget } from "./delegated.ts";
import { equalTarget } from "./equal.ts";
import { stakeTarget } from "./stake.ts";
import { workTarget } from "./work.ts";

/** Power of a whole set; what a node has is its part of it, rounded down. Fine enough for steps, far below CometBFT's limit. */
export const POWER_SCALE = 1_000_000;

/** The set that a policy aims at, in the order of the keys. `epochs`: how long it has been in force. A pure function of what it is given. */
export function targetSet(policy: Policy, candidates: readonly Candidate[], epochs: number): Validator[] {
  return toPowers(weigh(policy, candidates, epochs));
}

function weigh(policy: Policy, candidates: readonly Candidate[], epochs: number): Weighted[] {
  switch (policy.kind) {
    case "equal":
      return equalTarget(candidates);
    case "stake":
      return stakeTarget(policy, candidates);
    case "delegated":
      return delegatedTarget(policy, candidates);
    case "work":
      return workTarget(policy, candidates, epochs);
  }
}

/** A node whose part is less than a millionth has no power. */
function toPowers(weighted: readonly Weighted[]): Validator[] {
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0n);
  const powers = weighted.map(({ candidate: { publicKey }, weight }) => ({
    publicKey,
    power: Number((weight * BigInt(POWER_SCALE)) / total),
  }));
  return powers.filter(({ power }) => power > 0).sort((a, b) => (a.publicKey < b.publicKey ? -1 : 1));
}
