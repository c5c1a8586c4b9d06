import type { DelegatedPolicy } from "../settings.ts";
import type { Candidate, Weighted } from "./candidate.ts";

/** The nodes with the most stake bonded to them, by whomever, take the seats; of two with equal stake, the one with the smaller id. */
export function delegatedTarget({ seats, power }: DelegatedPolicy, candidates: readonly Candidate[]): Weighted[] {
  const elected = candidates
    .filter(({ totalStake }) => totalStake > 0)
    .toSorted((a, b) => b.totalStake - a.totalStake || (a.organisation < b.organisation ? -1 : 1))
    .slice(0, seats);
  return elected.map((candidate) => ({ candidate, weight: power === "equal" ? 1n : BigInt(candidate.totalStake) }));
}
