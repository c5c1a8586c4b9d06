import type { WorkPolicy } from "../settings.ts";
import type { Candidate, Weighted } from "./candidate.ts";

const WHOLE = 10_000n;

/** The founders' share of the power after `epochs` under the policy, in parts of ten thousand: it fades evenly. */
export function founderShare({ founderBasisPoints, fadeEpochs }: WorkPolicy, epochs: number): bigint {
  const left = Math.max(0, fadeEpochs - epochs);
  return (BigInt(founderBasisPoints) * BigInt(left)) / BigInt(fadeEpochs);
}

/**
 * Seats in proportion to the solutions in the window, beside the founders' fading share, which they divide evenly. Without any solution the
 * founders' share is all there is.
 */
export function workTarget(policy: WorkPolicy, candidates: readonly Candidate[], epochs: number): Weighted[] {
  const founders = BigInt(candidates.filter(({ isFounder }) => isFounder).length);
  const share = founders === 0n ? 0n : founderShare(policy, epochs);
  const total = candidates.reduce((sum, { solutions }) => sum + BigInt(solutions), 0n);
  const weighted = candidates.map((candidate) => {
    const founding = candidate.isFounder ? share * (total === 0n ? 1n : total) : 0n;
    const mined = BigInt(candidate.solutions) * (WHOLE - share) * (founders === 0n ? 1n : founders);
    return { candidate, weight: founding + mined };
  });
  return weighted.filter(({ weight }) => weight > 0n);
}
