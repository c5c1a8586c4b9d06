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

/** A step moves three tenths of the power; the rest to a third is for rounding, which is less than a node's millionth each. */
const STEP = { numerator: 3n, denominator: 10n };
const MAX_POWER = 1_000_000_000;
const KEY = /^[0-9a-f]{64}$/;

/**
 * The way from the present set to the target in one epoch. Whatever the target, what comes out is a set that CometBFT accepts (types/validator_set.go
 * `validateValidatorUpdates`, `ValidatorSet.updateWithChangeSet`): distinct keys, powers above zero, never empty; and less than a third of the
 * power changes hands, so that a light client that trusts the present set still finds more than a third of it among those who sign for the next.
 * A target that breaks a rule keeps the present set and raises an alarm.
 */
export function stepTowards(current: readonly Validator[], target: readonly Validator[], minValidators: number): Step {
  if (target.length === 0) return { kind: "held", alarm: "no-candidate" };
  if (!isWellFormed(target)) return { kind: "held", alarm: "malformed" };
  const { moved, whole } = turnover(current, target);
  if (moved === 0n && target.length >= minValidators) return { kind: "kept" };
  const isComplete = moved * 3n < whole;
  const validators = isComplete ? target : between(current, target, { moved, whole });
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

/** The set on the straight way to the target that is as far from the present one as a step goes. */
function between(
  current: readonly Validator[],
  target: readonly Validator[],
  { moved, whole }: { readonly moved: bigint; readonly whole: bigint },
): Validator[] {
  // With a/A and b/B the shares of a key: a/A · (1 - λ) + b/B · λ, where λ = step · whole / moved, all over one denominator.
  const [total, newTotal] = [totalOf(current), totalOf(target)];
  const far = STEP.numerator * whole;
  const near = STEP.denominator * moved - far;
  const denominator = STEP.denominator * moved * whole;
  const [before, after] = [powersOf(current), powersOf(target)];
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
