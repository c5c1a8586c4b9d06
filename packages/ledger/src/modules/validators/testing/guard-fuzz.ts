import { validatorChanges } from "../../../app/finalize-block.ts";
import type { Validator } from "../../../app/parameters.ts";
import { stepTowards, turnover } from "../guard.ts";
import type { Candidate } from "../policies/candidate.ts";
import { targetSet } from "../policies/target.ts";
import type { Policy } from "../settings.ts";
import { applyAsComet } from "./comet-judge.ts";

/** What came of the epochs of all histories. */
export interface FuzzCount {
  histories: number;
  epochs: number;
  kept: number;
  changed: number;
  partial: number;
  held: number;
  largestSet: number;
}

/** Numbers of a seeded xorshift generator (Marsaglia 2003): the same seed gives the same histories on every machine. */
function createChance(seed: number) {
  let state = seed | 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return { below: (limit: number) => next() % limit, isOneIn: (count: number) => next() % count === 0 };
}
type Chance = ReturnType<typeof createChance>;

const keyOf = (at: number) => at.toString(16).padStart(64, "0");
/** From dust to more than all shares that can exist: powers of two up to 2^53. */
const amount = (chance: Chance) => chance.below(2 ** (1 + chance.below(31))) * (chance.isOneIn(4) ? 2 ** chance.below(22) : 1);

function somePolicy(chance: Chance): Policy {
  switch (chance.below(5)) {
    case 0:
      return { kind: "equal" };
    case 1:
      return { kind: "stake", capBasisPoints: 1 + chance.below(10_000) };
    case 2:
      return { kind: "delegated", seats: 1 + chance.below(20), power: chance.isOneIn(2) ? "equal" : "stake" };
    default:
      return {
        kind: "work",
        ...{ windowEpochs: 4, solutionsPerEpoch: 24, difficulty: 1_000 },
        ...{ founderBasisPoints: chance.below(10_001), fadeEpochs: 1 + chance.below(20) },
      };
  }
}

function someCandidates(chance: Chance, count: number): Candidate[] {
  const present = Array.from({ length: count }, (_, at) => at).filter(() => !chance.isOneIn(4));
  return present.map((at) => {
    const ownStake = chance.isOneIn(3) ? 0 : amount(chance);
    const totalStake = ownStake + (chance.isOneIn(3) ? 0 : amount(chance));
    const solutions = chance.isOneIn(3) ? 0 : chance.below(300);
    return { organisation: keyOf(at), publicKey: keyOf(at), ownStake, totalStake, solutions, isFounder: chance.isOneIn(3) };
  });
}

/** What no policy gives and a mistake could: the guard must stop it all the same. */
function spoil(target: readonly Validator[], chance: Chance): readonly Validator[] {
  const [first] = target;
  if (!first) return target;
  const power = [0, -1, 0.5, Number.NaN, 2 ** 53, 1_000_000_001][chance.below(6)]!;
  const spoiled: readonly (readonly Validator[])[] = [
    [...target, first],
    [...target, { publicKey: first.publicKey, power: 7 }],
    [{ ...first, power }, ...target.slice(1)],
    [{ ...first, publicKey: "ab" }, ...target.slice(1)],
    [],
  ];
  return spoiled[chance.below(spoiled.length)]!;
}

/** Lets random policies follow each other over random nodes; throws when an update is one that CometBFT refuses, or too much power moves. */
export function fuzzGuard({ histories, seed }: { readonly histories: number; readonly seed: number }): FuzzCount {
  const chance = createChance(seed);
  const count: FuzzCount = { histories: 0, epochs: 0, kept: 0, changed: 0, partial: 0, held: 0, largestSet: 0 };
  for (; count.histories < histories; count.histories++) runHistory(chance, count);
  return count;
}

function runHistory(chance: Chance, count: FuzzCount): void {
  // Mostly few nodes, where thirds are hard; now and then as many as there can be.
  const nodes = chance.isOneIn(200) ? 128 : 1 + chance.below(12);
  let set: readonly Validator[] = Array.from({ length: 1 + chance.below(Math.min(nodes, 4)) }, (_, at) => ({
    publicKey: keyOf(at),
    power: 1,
  }));
  let held = new Map(set.map(({ publicKey, power }) => [publicKey, BigInt(power)]));
  let policy = somePolicy(chance);
  for (let epoch = 0; epoch < 4 + chance.below(8); epoch++) {
    if (chance.isOneIn(3)) policy = somePolicy(chance);
    const minimum = 1 + chance.below(4);
    const honest = targetSet(policy, someCandidates(chance, nodes), epoch);
    const replaced = someReplaced(set, chance);
    const renamed = honest.map(({ publicKey, power }) => ({ publicKey: replaced.get(publicKey) ?? publicKey, power }));
    const target = chance.isOneIn(10) ? spoil(renamed, chance) : renamed;
    const step = stepTowards(set, target, minimum, replaced);
    count.epochs += 1;
    count[step.kind] += 1;
    if (step.kind !== "changed") continue;
    if (!step.isComplete) count.partial += 1;
    held = applyAsComet(held, validatorChanges(set, step.validators));
    requireSmallStep(set, step.validators, minimum);
    requireWhole(set, { target, after: step.validators, replaced });
    set = step.validators;
    requireSame(set, held);
    count.largestSet = Math.max(count.largestSet, set.length);
  }
}

function requireSmallStep(before: readonly Validator[], after: readonly Validator[], minimum: number): void {
  const { moved, whole } = turnover(before, after);
  if (moved * 3n >= whole) throw new Error(`${moved}/${whole} of the power moved in one epoch`);
  if (after.length < minimum) throw new Error(`${after.length} validators are fewer than ${minimum}`);
}

/** Keys that are replaced, by new ones that nobody had: of few nodes, so that they often have less than a third together. */
function someReplaced(set: readonly Validator[], chance: Chance): ReadonlyMap<string, string> {
  if (!chance.isOneIn(3)) return new Map();
  const rarity = 1 + chance.below(6);
  const former = set.filter(() => chance.isOneIn(rarity));
  return new Map(
    former.map(({ publicKey }) => [
      publicKey,
      `f${chance
        .below(2 ** 31)
        .toString(16)
        .padStart(63, "0")}`,
    ]),
  );
}

/** A key is replaced in one step, if all that the target replaces have less than a third of the power. */
function requireWhole(
  before: readonly Validator[],
  { target, after, replaced }: { target: readonly Validator[]; after: readonly Validator[]; replaced: ReadonlyMap<string, string> },
): void {
  const moving = before.filter(({ publicKey }) => target.some((member) => member.publicKey === replaced.get(publicKey)));
  const powerOf = (set: readonly Validator[]) => set.reduce((sum, { power }) => sum + power, 0);
  if (powerOf(moving) * 3 >= powerOf(before)) return;
  const late = moving.find(({ publicKey }) => after.some((member) => member.publicKey === publicKey));
  if (late) throw new Error(`${late.publicKey} has power beside the key that replaces it`);
}

function requireSame(set: readonly Validator[], held: ReadonlyMap<string, bigint>): void {
  const isSame = set.length === held.size && set.every(({ publicKey, power }) => held.get(publicKey) === BigInt(power));
  if (!isSame) throw new Error("the engine holds another set than the ledger");
}
