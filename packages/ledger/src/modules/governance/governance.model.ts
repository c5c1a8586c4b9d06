import fc from "fast-check";
import { foundingVersion } from "../../testing/actors.ts";
import type { CredentialType } from "./index.ts";

const { number } = foundingVersion;

/** Six organisations, of which the first three found the alliance. */
export const names = ["north", "east", "south", "west", "clinic", "board"] as const;
export const founders = names.slice(0, 3);
export const credentialTypes: readonly CredentialType[] = ["degree", "training", "specialty"];

type Step =
  | { readonly kind: "admitMember" | "removeMember" | "removeIssuer"; readonly target: string }
  | { readonly kind: "registerIssuer"; readonly target: string; readonly types: readonly CredentialType[] }
  | { readonly kind: "setParameters"; readonly maxBlockBytes: number }
  | { readonly kind: "scheduleUpgrade"; readonly ahead: number; readonly version: number }
  | { readonly kind: "cancelUpgrade" };

/** A transaction of one message; `by` says who signs besides `others`. */
export type Operation = Step & { readonly by: "all members" | "half of the members" | "target"; readonly others: readonly string[] };

/** What the module must answer, in plain sets and maps. */
export interface Model {
  readonly members: Set<string>;
  readonly issuers: Map<string, ReadonlySet<CredentialType>>;
  maxBlockBytes: number | undefined;
  planned: { height: number; version: number } | undefined;
}

export function createModel(): Model {
  return { members: new Set(founders), issuers: new Map(), maxBlockBytes: undefined, planned: undefined };
}

const aName = fc.constantFrom(...names);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom("admitMember", "removeMember", "removeIssuer"), target: aName }),
  fc.record({
    kind: fc.constant("registerIssuer"),
    target: aName,
    types: fc.array(fc.constantFrom(...credentialTypes), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant("setParameters"), maxBlockBytes: fc.integer({ min: 65_536, max: 99_999 }) }),
  // Far ahead, or too soon: the plan is never reached, as only one version exists here.
  fc.record({
    kind: fc.constant("scheduleUpgrade"),
    ahead: fc.constantFrom(0, 1, 10_000),
    version: fc.integer({ min: number, max: number + 2 }),
  }),
  fc.record({ kind: fc.constant("cancelUpgrade") }),
);

/** Random transactions; most are signed by enough members. */
export const operation: fc.Arbitrary<Operation> = fc
  .record({
    step,
    by: fc.constantFrom("all members", "all members", "all members", "half of the members", "target"),
    others: fc.uniqueArray(aName, { minLength: 1, maxLength: 3 }),
  })
  .map(({ step, ...rest }) => ({ ...step, ...rest }));

/** Who signs the operation. */
export function signersOf(model: Model, operation: Operation): string[] {
  const members = [...model.members];
  const half = members.slice(0, Math.floor(members.length / 2));
  const target = "target" in operation ? [operation.target] : [];
  const wanted = { "all members": members, "half of the members": half, target }[operation.by];
  return [...new Set([...wanted, ...operation.others])];
}

/** Applies an operation in the block of this height; returns the id of the refusal that must be the answer, undefined for success. */
export function apply(model: Model, operation: Operation, height: number): string | undefined {
  const signers = signersOf(model, operation);
  const leaves = operation.kind === "removeMember" && signers.includes(operation.target);
  const decided = signers.filter((signer) => model.members.has(signer)).length * 3 > model.members.size * 2;
  if (!leaves && !decided) return "governance/NotDecided";
  const refusal = applyDecision(model, operation, signers, height);
  return refusal && `governance/${refusal}`;
}

function applyDecision(model: Model, step: Step, signers: readonly string[], height: number): string | undefined {
  switch (step.kind) {
    case "admitMember":
      if (model.members.has(step.target)) return "AlreadyMember";
      if (!signers.includes(step.target)) return "CandidateMustSign";
      model.members.add(step.target);
      return undefined;
    case "removeMember":
      if (!model.members.has(step.target)) return "NotMember";
      if (model.members.size === 1) return "LastMember";
      model.members.delete(step.target);
      return undefined;
    case "setParameters":
      model.maxBlockBytes = step.maxBlockBytes;
      return undefined;
    case "registerIssuer":
      return applyIssuer(model, step.target, step.types);
    case "removeIssuer":
      return model.issuers.delete(step.target) ? undefined : "UnknownIssuer";
    case "scheduleUpgrade":
      if (model.planned) return "UpgradePlanned";
      if (step.ahead < 2) return "TooSoon";
      if (step.version === number) return "NotNewer";
      model.planned = { height: height + step.ahead, version: step.version };
      return undefined;
    case "cancelUpgrade":
      if (!model.planned) return "NoUpgrade";
      model.planned = undefined;
      return undefined;
  }
}

function applyIssuer(model: Model, target: string, types: readonly CredentialType[]): string | undefined {
  const wanted = new Set(types);
  if (wanted.size < types.length) return "RepeatedType";
  const present = model.issuers.get(target);
  if (present && [...present].toSorted().join() === [...wanted].toSorted().join()) return "UnchangedIssuer";
  model.issuers.set(target, wanted);
  return undefined;
}
