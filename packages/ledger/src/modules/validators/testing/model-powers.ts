import type { Policy } from "../settings.ts";
import { add, divide, type Fraction, floor, fraction, isLess, multiply, subtract, sum } from "./fraction.ts";

/** Powers by key. */
export type Powers = ReadonlyMap<string, number>;

export interface ModelCandidate {
  readonly key: string;
  readonly organisation: string;
  readonly ownStake: number;
  readonly totalStake: number;
  readonly solutions: number;
  readonly isFounder: boolean;
}

const MILLION = fraction(1_000_000);

/** The shares of a whole that a policy aims at, without any rounding. */
function targetShares(policy: Policy, candidates: readonly ModelCandidate[], epochs: number): Map<string, Fraction> {
  const inProportion = (parts: readonly (readonly [ModelCandidate, Fraction])[]) => {
    const whole = sum(parts.map(([, part]) => part));
    return new Map(parts.filter(([, { over }]) => over > 0n).map(([{ key }, part]) => [key, divide(part, whole)]));
  };
  switch (policy.kind) {
    case "equal":
      return inProportion(candidates.map((one) => [one, fraction(1)]));
    case "stake": {
      const limit = limitOf(
        candidates.map(({ ownStake }) => ownStake).filter((stake) => stake > 0),
        policy.capBasisPoints,
      );
      return inProportion(
        candidates
          .map((one) => [one, isLess(fraction(one.ownStake), limit) ? fraction(one.ownStake) : limit] as const)
          .filter(([{ ownStake }]) => ownStake > 0),
      );
    }
    case "delegated": {
      const seated = candidates
        .filter(({ totalStake }) => totalStake > 0)
        .toSorted((a, b) => b.totalStake - a.totalStake || (a.organisation < b.organisation ? -1 : 1));
      return inProportion(seated.slice(0, policy.seats).map((one) => [one, fraction(policy.power === "equal" ? 1 : one.totalStake)]));
    }
    case "work": {
      const founders = candidates.filter(({ isFounder }) => isFounder).length;
      const found = candidates.reduce((all, { solutions }) => all + solutions, 0);
      const faded = Math.max(0, policy.fadeEpochs - epochs);
      // The founders' share is told in whole parts of ten thousand.
      const share = founders === 0 ? fraction(0) : fraction(Math.floor((policy.founderBasisPoints * faded) / policy.fadeEpochs), 10_000);
      return inProportion(
        candidates.map((one) => {
          const founding = one.isFounder ? divide(share, fraction(founders)) : fraction(0);
          const mined = found === 0 ? fraction(0) : multiply(subtract(fraction(1), share), fraction(one.solutions, found));
          return [one, add(founding, mined)];
        }),
      );
    }
  }
}

/** The largest level at which nobody who is cut to it has more than the cap of what then counts: tried from cutting nobody on. */
function limitOf(stakes: readonly number[], capBasisPoints: number): Fraction {
  const cap = fraction(capBasisPoints, 10_000);
  const descending = stakes.toSorted((a, b) => b - a);
  for (let cut = 0; cut < descending.length; cut++) {
    const rest = fraction(descending.slice(cut).reduce((all, stake) => all + stake, 0));
    const left = subtract(fraction(1), multiply(fraction(cut), cap));
    if (left.over <= 0n) break;
    const level = divide(multiply(cap, rest), left);
    if (!isLess(level, fraction(descending[cut]!))) return level;
  }
  return fraction(descending.at(-1) ?? 0);
}

/** What the set must be after an epoch: the same, or a step to the target by less than a third. */
export function modelStep(
  before: Powers,
  {
    policy,
    candidates,
    epochs,
    minValidators,
    replaced,
  }: {
    policy: Policy;
    candidates: readonly ModelCandidate[];
    epochs: number;
    minValidators: number;
    /** New keys by the former ones. */
    replaced: ReadonlyMap<string, string>;
  },
): Powers {
  const target = roundedDown(targetShares(policy, candidates, epochs));
  if (target.size === 0 || target.size < minValidators) return before;
  const distance = distanceOf(before, target);
  if (distance.over === 0n) return before;
  if (isLess(distance, fraction(1, 3))) return target;
  const renamed = new Map([...before].map(([key, power]) => [target.has(replaced.get(key) ?? "") ? replaced.get(key)! : key, power]));
  const spent = distanceOf(before, renamed);
  const isTooMuch = !isLess(spent, fraction(1, 3));
  const next = isTooMuch
    ? partWay(before, target, fraction(3, 10))
    : isLess(spent, fraction(3, 10))
      ? partWay(renamed, target, subtract(fraction(3, 10), spent))
      : renamed;
  return next.size < minValidators ? before : next;
}

const gainOf = (from: ReadonlyMap<string, Fraction>, to: ReadonlyMap<string, Fraction>, key: string) =>
  subtract(to.get(key) ?? fraction(0), from.get(key) ?? fraction(0));

/** The part of the power that other keys have in `after`. */
function distanceOf(before: Powers, after: Powers): Fraction {
  const [from, to] = [sharesOf(before), sharesOf(after)];
  return sum([...to.keys()].map((key) => gainOf(from, to, key)).filter(({ over }) => over > 0n));
}

/** The set after so much of the power has moved on the straight way. */
function partWay(before: Powers, target: Powers, step: Fraction): Powers {
  const [from, to] = [sharesOf(before), sharesOf(target)];
  const pace = divide(step, distanceOf(before, target));
  const keys = [...new Set([...from.keys(), ...to.keys()])].toSorted((a, b) => (a < b ? -1 : 1));
  return roundedDown(new Map(keys.map((key) => [key, add(from.get(key) ?? fraction(0), multiply(pace, gainOf(from, to, key)))])));
}

function roundedDown(shares: ReadonlyMap<string, Fraction>): Map<string, number> {
  const powers = [...shares].map(([key, share]) => [key, floor(multiply(share, MILLION))] as const);
  return new Map(powers.filter(([, power]) => power > 0));
}

function sharesOf(powers: Powers): Map<string, Fraction> {
  const whole = [...powers.values()].reduce((all, power) => all + power, 0);
  return new Map([...powers].map(([key, power]) => [key, fraction(power, whole)]));
}
