import type { Validator } from "../../app/parameters.ts";
import { POWER_SCALE } from "./policies/target.ts";
import { MAX_NODES } from "./settings.ts";

/** Why the guard kept the set as it was. */
export type Alarm = "no-candidate" | "too-few" | "too-many" | "malformed";

/** What becomes of the set in one epoch. */
export type Step =
  | { readonly kind: "kept" }
  | { readonly kind: "held"; readonly alarm: Alarm }
  | { readonly kind: "changed"; readonly validators: readonly Validator[]; readonly isComplete: boolean };

interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A step moves three tenths of the power; the rest to a third is for rounding, which is less than a node's millionth each. */
const STEP: Fraction = { numerator: 3n, denominator: 10n };
const NOBODY: ReadonlyMap<string, string> = new Map();
const MAX_POWER = 1_000_000_000;
const KEY = /^[0-9a-f]{64}$/;

/**
 * The way from the present set to the target in one epoch. Whatever the target, what comes out is a set that CometBFT accepts (types/validator_set.go
 * `validateValidatorUpdates`, `ValidatorSet.updateWithChangeSet`): distinct keys, powers above zero, never empty; and less than a third of the
 * power changes hands, so that a light client that trusts the present set still finds more than a third of it among those who sign for the next.
 * A target that breaks a rule keeps the present set and raises an alarm. `replaced` are new keys by those whose place they take: they do so whole, before
 * anything else moves, as long as they have less than a third of the power together.
 */
export function stepTowards(
  current: readonly Validator[],
  target: readonly Validator[],
  minValidators: number,
  replaced: ReadonlyMap<string, string> = NOBODY,
): Step {
  if (target.length === 0) return { kind: "held", alarm: "no-candidate" };
  if (!isWellFormed(target)) return { kind: "held", alarm: "malformed" };
  const { moved, whole } = turnover(current, target);
  if (moved === 0n && target.length >= minValidators) return { kind: "kept" };
  const isComplete = moved * 3n < whole;
  const validators = isComplete ? target : partWay(current, target, replaced);
  if (Math.min(validators.length, target.length) < minValidators) return { kind: "held", alarm: "too-few" };
  if (validators.length > MAX_NODES) return { kind: "held", alarm: "too-many" };
  return { kind: "changed", validators, isComplete };
}

/** The part of the power that has other hands in `after`, as a fraction moved/whole: half the sum of the differences of the shares. */
export function turnover(before: readonly Validator[], after: readonly Validator[]): { readonly moved: bigint; readonly whole: bigint } {
  const [total, newTotal] = [totalOf(before), totalOf(after)];
  const powers = new Map(after.map(({ publicKey, power }) => [publicKey, BigInt(power)]));
  let moved = 0n;
  for (const { publicKey, power } of before) {
    const lost = BigInt(power) * newTotal - (powers.get(publicKey) ?? 0n) * total;
    if (lost > 0n) moved += lost;
  }
  return { moved, whole: total * newTotal };
}

/** The set on the way to the target that is as far from the present one as a step goes: replaced keys first, then all with what that leaves of the step. */
function partWay(current: readonly Validator[], target: readonly Validator[], replaced: ReadonlyMap<string, string>): readonly Validator[] {
  const renamed = withReplaced(current, target, replaced);
  const { moved, whole } = turnover(current, renamed);
  // Replaced keys with a third or more together, or a new one in two places, which no handler lets happen from version 4 on: they go the way of all power.
  if (moved * 3n >= whole || !isWellFormed(renamed)) return between(current, target, STEP);
  const rest = { numerator: STEP.numerator * whole - STEP.denominator * moved, denominator: STEP.denominator * whole };
  return rest.numerator > 0n ? between(renamed, target, rest) : renamed;
}

/** The set with new keys in the places of those that they replace, where the target has them; in the order of the keys. */
function withReplaced(set: readonly Validator[], target: readonly Validator[], replaced: ReadonlyMap<string, string>): Validator[] {
  const [present, wanted] = [powersOf(set), powersOf(target)];
  const renamed = set.map(({ publicKey, power }) => {
    const next = replaced.get(publicKey);
    return { publicKey: next !== undefined && wanted.has(next) && !present.has(next) ? next : publicKey, power };
  });
  return renamed.sort((a, b) => (a.publicKey < b.publicKey ? -1 : 1));
}

/** The set on the straight way from one to another after `step` of the power; for sets that are further apart. */
function between(from: readonly Validator[], target: readonly Validator[], step: Fraction): Validator[] {
  const { moved, whole } = turnover(from, target);
  // With a/A and b/B the shares of a key: a/A · (1 - λ) + b/B · λ, where λ = step · whole / moved, all over one denominator.
  const [total, newTotal] = [totalOf(from), totalOf(target)];
  const far = step.numerator * whole;
  const near = step.denominator * moved - far;
  const denominator = step.denominator * moved * whole;
  const [before, after] = [powersOf(from), powersOf(target)];
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => (a < b ? -1 : 1));
  const powers = keys.map((publicKey) => {
    const share = near * (before.get(publicKey) ?? 0n) * newTotal + far * (after.get(publicKey) ?? 0n) * total;
    return { publicKey, power: Number((share * BigInt(POWER_SCALE)) / denominator) };
  });
  return powers.filter(({ power }) => power > 0);
}

function powersOf(set: readonly Validator[]): Map<string, bigint> {
  return new Map(set.map(({ publicKey, power }) => [publicKey, BigInt(power)]));
}

function totalOf(set: readonly Validator[]): bigint {
  return set.reduce((sum, { power }) => sum + BigInt(power), 0n);
}

function isWellFormed(set: readonly Validator[]): boolean {
  const isEach = set.every(({ publicKey, power }) => KEY.test(publicKey) && Number.isSafeInteger(power) && power > 0 && power <= MAX_POWER);
  return isEach && new Set(set.map(({ publicKey }) => publicKey)).size === set.length;
}
