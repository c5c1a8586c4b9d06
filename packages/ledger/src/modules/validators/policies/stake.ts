import type { StakePolicy } from "../settings.ts";
import type { Candidate, Weighted } from "./candidate.ts";

const WHOLE = 10_000n;

/** Power in proportion to what each organisation has bonded itself; nobody has more than the cap of what then counts. */
export function stakeTarget({ capBasisPoints }: StakePolicy, candidates: readonly Candidate[]): Weighted[] {
  const staked = candidates.filter(({ ownStake }) => ownStake > 0);
  const limit = stakeLimit(
    staked.map(({ ownStake }) => BigInt(ownStake)),
    BigInt(capBasisPoints),
  );
  return staked.map((candidate) => ({ candidate, weight: scaled(BigInt(candidate.ownStake), limit) }));
}

/**
 * The stake above which a node is cut: the level L with L = cap · Σ min(stake, L), as a fraction. The k largest are cut when cutting them
 * alone leaves the next one below: L = cap · (rest) / (1 - k · cap). With too few nodes to share the power so, all count alike.
 */
function stakeLimit(stakes: readonly bigint[], cap: bigint): Fraction {
  const descending = stakes.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  let rest = descending.reduce((sum, stake) => sum + stake, 0n);
  for (let cut = 0; cut < descending.length; cut++) {
    const left = WHOLE - BigInt(cut) * cap;
    if (left <= 0n) break;
    if (descending[cut]! * left <= cap * rest) return { numerator: cap * rest, denominator: left };
    rest -= descending[cut]!;
  }
  return { numerator: descending.at(-1) ?? 0n, denominator: 1n };
}

interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** min(stake, limit), times the limit's denominator: all weights are scaled alike. */
function scaled(stake: bigint, { numerator, denominator }: Fraction): bigint {
  const weight = stake * denominator;
  return weight < numerator ? weight : numerator;
}
