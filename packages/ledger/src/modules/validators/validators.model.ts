import fc from "fast-check";
import type { Settings } from "./settings.ts";
import { type ModelCandidate, modelStep, type Powers } from "./testing/model-powers.ts";

/** Four organisations that decide together, of which the first three found the network with a node each. */
export const operators = ["north", "east", "south", "west"] as const;
export const founders = operators.slice(0, 3);
export const holders = [...operators, "ann"] as const;
export const SHARES = 1_000;

export const policies: readonly Settings["policy"][] = [
  { kind: "equal" },
  { kind: "stake", capBasisPoints: 10_000 },
  { kind: "stake", capBasisPoints: 4_000 },
  { kind: "delegated", seats: 2, power: "equal" },
  { kind: "delegated", seats: 3, power: "stake" },
  { kind: "work", windowEpochs: 2, solutionsPerEpoch: 4, difficulty: 2, founderBasisPoints: 4_000, fadeEpochs: 3 },
];

type Step =
  | { readonly kind: "bond" | "unbond"; readonly amount: number }
  | { readonly kind: "withdraw" | "fund" | "ready" | "register" | "leave" | "unjail" | "replaceKey" | "pass" | "doubleSign" }
  | { readonly kind: "away"; readonly blocks: number }
  | { readonly kind: "solve"; readonly count: number }
  | { readonly kind: "setPolicy"; readonly policy: number; readonly minValidators: number };

/** One thing that happens to a node, by a holder of shares, and how many empty blocks go before it. */
export type Operation = Step & { readonly node: string; readonly by: string; readonly wait: number };

const amount = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 400 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("bond"), amount }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("unbond"), amount }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("withdraw") }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom("fund", "register", "leave", "unjail", "unjail", "replaceKey") }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom("ready", "ready", "pass") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("doubleSign") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("away"), blocks: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("solve"), count: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("setPolicy"),
      policy: fc.integer({ min: 0, max: policies.length - 1 }),
      minValidators: fc.constantFrom(1, 1, 2),
    }),
  },
);
export const operation: fc.Arbitrary<Operation> = fc
  .tuple(
    step,
    fc.record({
      node: fc.constantFrom(...operators),
      by: fc.constantFrom("ann", "ann", ...holders),
      wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 9 })),
    }),
  )
  .map(([what, rest]) => ({ ...what, ...rest }));

interface ModelNode {
  /** Number of the key: the operator's first is 0. */
  key: number;
  former: number | undefined;
  readyAt: number | undefined;
  jail: { until: number } | undefined;
  /** When it was released from jail, until its next sign of life. */
  releasedAt?: number | undefined;
  leaving: boolean;
}

/** Tokens that several own by shares. */
interface ModelPool {
  tokens: bigint;
  readonly shares: Map<string, bigint>;
}

/** What the module must know, in plain maps. */
export interface Model {
  height: number;
  settings: Settings;
  planned: Settings | undefined;
  policySince: number;
  powers: Powers;
  readonly nodes: Map<string, ModelNode>;
  /** Keys that were used last, and those that were convicted, as `operator/number`. */
  readonly lastKey: Map<string, number>;
  readonly convicted: Set<string>;
  readonly balances: Map<string, bigint>;
  readonly pools: Map<string, ModelPool>;
  /** By `operator/epoch`. */
  readonly leaving: Map<string, ModelPool>;
  pot: bigint;
  burned: bigint;
  readonly absences: Map<string, number[]>;
  founders: readonly string[];
  difficulty: number;
  solutions: number;
  readonly mined: Map<string, Map<number, number>>;
}

export const keyName = (operator: string, number: number) => `${operator}/${number}`;

export function createModel(settings: Settings, height: number): Model {
  return {
    ...{ height, settings, planned: undefined, policySince: 0, pot: 0n, burned: 0n, founders: [], difficulty: 0, solutions: 0 },
    powers: new Map(founders.map((name) => [keyName(name, 0), 1])),
    nodes: new Map(founders.map((name) => [name, { key: 0, former: undefined, readyAt: undefined, jail: undefined, leaving: false }])),
    lastKey: new Map(founders.map((name) => [name, 0])),
    convicted: new Set(),
    balances: new Map(holders.map((name) => [name, BigInt(SHARES)])),
    pools: new Map(),
    leaving: new Map(),
    absences: new Map(),
    mined: new Map(),
  };
}

export const epochOf = ({ height, settings }: Model) => Math.floor(height / settings.epochBlocks);

export function worthOf(pool: ModelPool | undefined, who: string): bigint {
  const mine = pool?.shares.get(who) ?? 0n;
  return mine === 0n ? 0n : (mine * pool!.tokens) / allShares(pool!);
}

const allShares = ({ shares }: ModelPool) => [...shares.values()].reduce((all, one) => all + one, 0n);
const powerOf = ({ powers }: Model, name: string, { key, former }: ModelNode) =>
  powers.get(keyName(name, key)) ?? (former === undefined ? undefined : powers.get(keyName(name, former)));

/** What a block brings before its transactions. */
export interface ModelFacts {
  readonly doubleSign?: string;
  readonly away?: string;
}

/** The next block, up to its transactions. */
export function beginBlock(model: Model, { doubleSign, away }: ModelFacts): void {
  model.height += 1;
  const { settings, height } = model;
  if (doubleSign !== undefined && model.lastKey.has(doubleSign)) convict(model, doubleSign);
  if (away !== undefined) miss(model, away, settings.downtime);
  if (height % settings.epochBlocks === 0) beginEpoch(model);
}

function convict(model: Model, name: string): void {
  const key = keyName(name, model.lastKey.get(name)!);
  if (model.convicted.has(key)) return;
  model.convicted.add(key);
  slash(model, name, model.settings.doubleSign.slashBasisPoints);
  const node = model.nodes.get(name);
  if (node) node.jail = { until: Math.max(model.height + model.settings.doubleSign.jailBlocks, node.jail?.until ?? 0) };
}

function miss(model: Model, name: string, { windowBlocks, maxMissed, jailBlocks, slashBasisPoints }: Settings["downtime"]): void {
  const node = model.nodes.get(name);
  if (!node || node.jail) return;
  const misses = [...(model.absences.get(name) ?? []).filter((height) => height > model.height - windowBlocks), model.height];
  model.absences.set(name, misses);
  if (misses.length < maxMissed) return;
  model.absences.delete(name);
  node.jail = { until: model.height + jailBlocks };
  slash(model, name, slashBasisPoints);
}

function slash(model: Model, name: string, basisPoints: number): void {
  const now = epochOf(model);
  const open = [...model.leaving].filter(([key]) => key.startsWith(`${name}/`) && Number(key.split("/")[1]) > now).map(([, pool]) => pool);
  for (const pool of [...open, ...(model.pools.has(name) ? [model.pools.get(name)!] : [])]) {
    const part = (pool.tokens * BigInt(basisPoints)) / 10_000n;
    pool.tokens -= part;
    model.burned += part;
  }
}

function beginEpoch(model: Model): void {
  payRewards(model);
  const epoch = epochOf(model);
  const before = model.settings.policy;
  if (model.planned) {
    model.settings = model.planned;
    model.planned = undefined;
  }
  const { policy, minValidators } = model.settings;
  const isNew = before.kind !== policy.kind;
  if (isNew) model.policySince = epoch;
  if (policy.kind === "work") turnPuzzle(model, policy, isNew);
  const replaced = new Map(
    [...model.nodes].flatMap(([name, { key, former }]) =>
      former === undefined ? [] : [[keyName(name, former), keyName(name, key)] as const],
    ),
  );
  model.powers = modelStep(model.powers, {
    policy,
    candidates: candidatesOf(model),
    epochs: epoch - model.policySince,
    minValidators,
    replaced,
  });
  for (const [name, node] of model.nodes) {
    const isFree = node.leaving && powerOf(model, name, node) === undefined && !(node.jail && model.height < node.jail.until);
    if (!isFree) continue;
    model.nodes.delete(name);
    model.absences.delete(name);
  }
}

function payRewards(model: Model): void {
  const { policy, epochReward } = model.settings;
  if (policy.kind !== "stake" && policy.kind !== "delegated") return;
  const budget = BigInt(epochReward) < model.pot ? BigInt(epochReward) : model.pot;
  const whole = BigInt([...model.powers.values()].reduce((all, power) => all + power, 0));
  for (const [name, node] of model.nodes) {
    const pool = model.pools.get(name);
    if (node.jail || !pool) continue;
    const part = (budget * BigInt(powerOf(model, name, node) ?? 0)) / whole;
    pool.tokens += part;
    model.pot -= part;
  }
}

function turnPuzzle(model: Model, policy: Settings["policy"] & { kind: "work" }, isNew: boolean): void {
  if (isNew) {
    model.difficulty = policy.difficulty;
    model.founders = [...model.nodes].filter(([name, node]) => powerOf(model, name, node) !== undefined).map(([name]) => name);
  } else {
    const wanted = Math.floor((model.difficulty * model.solutions) / policy.solutionsPerEpoch);
    model.difficulty = Math.max(1, Math.floor(model.difficulty / 4), Math.min(wanted, model.difficulty * 4));
  }
  model.solutions = 0;
}

function candidatesOf(model: Model): ModelCandidate[] {
  const { settings, height } = model;
  const { policy } = settings;
  const epoch = epochOf(model);
  return [...model.nodes].flatMap(([name, node]) => {
    const isThere =
      powerOf(model, name, node) !== undefined || (node.readyAt !== undefined && height - node.readyAt <= settings.readinessBlocks);
    if (node.jail || node.leaving || node.releasedAt !== undefined || !isThere) return [];
    const pool = model.pools.get(name);
    const counted = policy.kind === "work" ? [...(model.mined.get(name) ?? [])].filter(([at]) => at >= epoch - policy.windowEpochs) : [];
    const solutions = counted.reduce((all, [, count]) => all + count, 0);
    const stakes = { ownStake: Number(worthOf(pool, name)), totalStake: Number(pool?.tokens ?? 0n) };
    return [{ key: keyName(name, node.key), organisation: name, ...stakes, solutions, isFounder: model.founders.includes(name) }];
  });
}

/** Applies the transaction of an operation in the present block; returns the id of the refusal that must be the answer, undefined for success. */
export function apply(model: Model, operation: Operation): string | undefined {
  const refusal = applyStep(model, operation);
  return refusal === undefined || refusal.includes("/") ? refusal : `validators/${refusal}`;
}

function applyStep(model: Model, operation: Operation): string | undefined {
  const { kind, node: name, by } = operation;
  const node = model.nodes.get(name);
  switch (kind) {
    case "bond":
      return node ? bond(model, name, by, BigInt(operation.amount)) : "UnknownNode";
    case "unbond":
      return unbond(model, name, by, BigInt(operation.amount));
    case "withdraw":
      return withdraw(model, name, by);
    case "fund":
      if ((model.balances.get(by) ?? 0n) < 50n) return "tokens/InsufficientBalance";
      model.balances.set(by, model.balances.get(by)! - 50n);
      model.pot += 50n;
      return undefined;
    case "setPolicy":
      model.planned = { ...model.settings, policy: policies[operation.policy]!, minValidators: operation.minValidators };
      return undefined;
    case "register":
      if (node) return "AlreadyRegistered";
      model.nodes.set(name, { key: useNextKey(model, name), former: undefined, readyAt: undefined, jail: undefined, leaving: false });
      return undefined;
    case "solve":
      return solve(model, name, operation.count);
    default:
      return node ? applyToNode(model, operation, node) : "UnknownNode";
  }
}

function applyToNode(model: Model, { kind, node: name }: Operation, node: ModelNode): string | undefined {
  switch (kind) {
    case "ready": // for the block before
      if (model.height - 1 <= (node.readyAt ?? 0) || model.height - 1 < (node.releasedAt ?? 0)) return "StaleSign";
      node.readyAt = model.height - 1;
      node.releasedAt = undefined;
      return undefined;
    case "leave":
      if (node.leaving) return "AlreadyLeaving";
      node.leaving = true;
      return undefined;
    case "unjail":
      if (!node.jail) return "NotJailed";
      if (model.height < node.jail.until) return "JailedYet";
      if (model.convicted.has(keyName(name, node.key))) return "Convicted";
      node.jail = undefined;
      node.readyAt = undefined;
      node.releasedAt = model.height;
      model.absences.delete(name);
      return undefined;
    default:
      return replaceKey(model, name, node);
  }
}

function replaceKey(model: Model, name: string, node: ModelNode): string | undefined {
  if (node.leaving) return "Leaving";
  if (node.former !== undefined && model.powers.has(keyName(name, node.former))) return "ReplacedLately";
  const leaving = [...model.nodes].map(([of, { former }]) => (former === undefined ? 0 : (model.powers.get(keyName(of, former)) ?? 0)));
  const power = leaving.reduce((all, one) => all + one, model.powers.get(keyName(name, node.key)) ?? 0);
  if (power * 3 >= [...model.powers.values()].reduce((all, one) => all + one, 0)) return "TooPowerful";
  node.former = node.key;
  node.readyAt = undefined;
  node.key = useNextKey(model, name);
  return undefined;
}

/** Every registration takes a key that nobody had. */
export function nextKey({ lastKey }: Model, name: string): number {
  return (lastKey.get(name) ?? -1) + 1;
}

function useNextKey(model: Model, name: string): number {
  const key = nextKey(model, name);
  model.lastKey.set(name, key);
  return key;
}

function bond(model: Model, name: string, by: string, amount: bigint): string | undefined {
  const pool = model.pools.get(name) ?? { tokens: 0n, shares: new Map() };
  const shares = pool.tokens === 0n ? amount : (amount * allShares(pool)) / pool.tokens;
  if (shares === 0n) return "PoolTooThin";
  const worthAfter = (shares * (pool.tokens + amount)) / (allShares(pool) + shares);
  if (amount - worthAfter > 1n + amount / 100n) return "PoolTooThin";
  if ((model.balances.get(by) ?? 0n) < amount) return "tokens/InsufficientBalance";
  model.balances.set(by, model.balances.get(by)! - amount);
  pool.tokens += amount;
  pool.shares.set(by, (pool.shares.get(by) ?? 0n) + shares);
  model.pools.set(name, pool);
  return undefined;
}

function unbond(model: Model, name: string, by: string, amount: bigint): string | undefined {
  const pool = model.pools.get(name);
  const mine = pool?.shares.get(by) ?? 0n;
  if (!pool || mine === 0n) return "NotBonded";
  const shares = (amount * allShares(pool) + pool.tokens - 1n) / pool.tokens;
  if (shares > mine) return "NotBonded";
  const tokens = (shares * pool.tokens) / allShares(pool);
  const key = `${name}/${epochOf(model) + model.settings.unbondingEpochs}`;
  const leaving = model.leaving.get(key) ?? { tokens: 0n, shares: new Map() };
  const added = leaving.tokens === 0n ? tokens : (tokens * allShares(leaving)) / leaving.tokens;
  takeOut(pool, by, { shares, tokens });
  if (pool.shares.size === 0) model.pools.delete(name);
  leaving.tokens += tokens;
  leaving.shares.set(by, (leaving.shares.get(by) ?? 0n) + added);
  model.leaving.set(key, leaving);
  return undefined;
}

function withdraw(model: Model, name: string, by: string): string | undefined {
  const due = [...model.leaving].filter(([key, { shares }]) => {
    const [of, epoch] = key.split("/");
    return of === name && Number(epoch) <= epochOf(model) && shares.has(by);
  });
  if (due.length === 0) return "NothingDue";
  for (const [key, pool] of due) {
    const tokens = worthOf(pool, by);
    takeOut(pool, by, { shares: pool.shares.get(by)!, tokens });
    model.balances.set(by, (model.balances.get(by) ?? 0n) + tokens);
    if (pool.shares.size === 0) model.leaving.delete(key);
  }
  return undefined;
}

function takeOut(pool: ModelPool, who: string, { shares, tokens }: { shares: bigint; tokens: bigint }): void {
  const rest = pool.shares.get(who)! - shares;
  if (rest === 0n) pool.shares.delete(who);
  else pool.shares.set(who, rest);
  pool.tokens -= tokens;
}

function solve(model: Model, name: string, count: number): string | undefined {
  const { policy } = model.settings;
  const node = model.nodes.get(name);
  if (!node) return "UnknownNode";
  if (policy.kind !== "work") return "NoPuzzle";
  if (node.jail) return "Jailed";
  if (model.solutions + count > policy.solutionsPerEpoch * 8) return "EpochFull";
  model.solutions += count;
  const mine = model.mined.get(name) ?? new Map<number, number>();
  mine.set(epochOf(model), (mine.get(epochOf(model)) ?? 0) + count);
  model.mined.set(name, mine);
  return undefined;
}
