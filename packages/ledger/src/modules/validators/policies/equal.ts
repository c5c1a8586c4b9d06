import type { Candidate, Weighted } from "./candidate.ts";

/** One organisation, one vote. */
export function equalTarget(candidates: readonly Candidate[]): Weighted[] {
  return candidates.map((candidate) => ({ candidate, weight: 1n }));
}
