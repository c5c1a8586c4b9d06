import fc from "fast-check";

/** Who takes part: few, so that they meet often. */
const persons = ["ann", "bob", "carl", "dora"] as const;
export const organisations = ["city"] as const;
/** All of them; the last one is not there from the beginning. */
export const names = [...persons, ...organisations, "late"] as const;
/** Keys that are rotated to; the first key of everybody has his own name. */
const keyNames = ["key-0", "key-1"] as const;
export const roles = ["administrator", "nurse"] as const;
export const scopes = ["log.read", "vault.grant"] as const;
export const DELAY_MS = 3_600_000;

type GuardianStep =
  | { readonly kind: "startRecovery" | "approveRecovery"; readonly target: string; readonly key: string }
  | { readonly kind: "withdrawApproval"; readonly target: string };
type OwnerStep =
  | { readonly kind: "removeGuardians" | "cancelRecovery"; readonly target: string }
  | { readonly kind: "rotateKeys"; readonly target: string; readonly key: string }
  | { readonly kind: "setGuardians"; readonly target: string; readonly guardians: readonly string[]; readonly threshold: number };
type MemberStep =
  | {
      readonly kind: "setMember";
      readonly target: string;
      readonly member: string;
      readonly roles: readonly string[];
      readonly forMs?: number;
    }
  | { readonly kind: "removeMember"; readonly target: string; readonly member: string };
type DelegationStep =
  | { readonly kind: "delegate"; readonly target: string; readonly delegate: string; readonly scope: string; readonly forMs: number }
  | { readonly kind: "endDelegation"; readonly target: string; readonly delegate: string };
type Step = { readonly kind: "create"; readonly target: string } | GuardianStep | OwnerStep | MemberStep | DelegationStep;

/** A transaction of one message; `stale` signs with the first keys of the signers instead of the present ones. */
export type Operation = Step & { readonly signers: readonly string[]; readonly stale: boolean; readonly waitMs: number };

interface ModelAccount {
  key: string;
  guardians: readonly string[];
  threshold: number;
  /** Which keys each guardian wants; keys in the order in which they were first wanted. */
  wants: Map<string, string>;
  proposed: string[];
  running: { key: string; dueAt: number } | undefined;
}

/** What the module must answer, said in the simplest way: names instead of ids, and everything in plain maps. */
export interface Model {
  readonly accounts: Map<string, ModelAccount>;
  /** By `organisation/member`. */
  readonly members: Map<string, { roles: readonly string[]; until: number }>;
  /** By `owner/delegate`. */
  readonly delegations: Map<string, { scope: string; until: number }>;
}

export function createModel(): Model {
  return { accounts: new Map(), members: new Map(), delegations: new Map() };
}

const aName = fc.constantFrom(...names);
/** Most happens to Ann: recoveries need many steps on one account. */
const aTarget = fc.constantFrom("ann", "ann", "ann", "ann", "ann", ...names);
const aFriend = fc.constantFrom("bob", "bob", ...names);
const aKey = fc.constantFrom(...keyNames);
const aDuration = fc.constantFrom(DELAY_MS / 2, DELAY_MS * 4);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("create", "removeGuardians"), target: aTarget }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cancelRecovery"), target: aTarget }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("withdrawApproval"), target: aTarget }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rotateKeys"), target: aTarget, key: aKey }) },
  { weight: 16, arbitrary: fc.record({ kind: fc.constantFrom("startRecovery", "approveRecovery"), target: aTarget, key: aKey }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("setGuardians"),
      target: aTarget,
      guardians: fc.oneof(
        { weight: 2, arbitrary: fc.constant(["bob", "carl", "dora"]) },
        { weight: 1, arbitrary: fc.array(aName, { minLength: 1, maxLength: 3 }) },
      ),
      threshold: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        kind: fc.constant("setMember"),
        target: fc.constantFrom(...organisations, "ann"),
        member: aFriend,
        roles: fc.array(fc.constantFrom(...roles), { minLength: 1, maxLength: 2 }),
        forMs: aDuration,
      },
      { requiredKeys: ["kind", "target", "member", "roles"] },
    ),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("removeMember"), target: fc.constantFrom(...organisations), member: aFriend }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("delegate"),
      target: aTarget,
      delegate: aFriend,
      scope: fc.constantFrom(...scopes),
      forMs: aDuration,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("endDelegation"), target: aTarget, delegate: aFriend }) },
);

const guardianKinds: readonly string[] = ["startRecovery", "approveRecovery", "withdrawApproval"];

/** Random transactions; most are signed by those who may, some with keys that were replaced. */
export const operation: fc.Arbitrary<Operation> = fc
  .record({
    step,
    others: fc.uniqueArray(fc.constantFrom("bob", "carl", "dora", ...names), { minLength: 1, maxLength: 2 }),
    likely: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
    stale: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
    waitMs: fc.constantFrom(0, 0, 0, 0, 0, DELAY_MS / 4, DELAY_MS),
  })
  .map(({ step, others, likely, ...rest }) => ({
    ...step,
    ...rest,
    signers: likely && !guardianKinds.includes(step.kind) ? [step.target] : others,
  }));

/** The name of the key with which a signer signs. */
export function signingKey(model: Model, signer: string, stale: boolean): string {
  return stale ? signer : (model.accounts.get(signer)?.key ?? signer);
}

/** What has fallen due by `time` happens. */
export function passTime(model: Model, time: number): void {
  for (const account of model.accounts.values()) {
    if (!account.running || account.running.dueAt > time) continue;
    account.key = account.running.key;
    endRecoveries(account);
  }
}

/** Applies an operation at block time `time`; returns the id of the refusal that must be the answer, undefined for success. */
export function apply(model: Model, operation: Operation, time: number): string | undefined {
  const { signers, stale } = operation;
  for (const signer of signers) {
    const account = model.accounts.get(signer);
    const known = account ? signingKey(model, signer, stale) === account.key : operation.kind === "create" && operation.target === signer;
    if (!known) return "tx/Unauthorised";
  }
  const refusal = applyStep(model, operation, signers, time);
  return refusal && `accounts/${refusal}`;
}

function applyStep(model: Model, step: Step, signers: readonly string[], time: number): string | undefined {
  const signed = signers.includes(step.target);
  const account = model.accounts.get(step.target);
  switch (step.kind) {
    case "create":
      if (!signed) return "NotOwner";
      if (account) return "AlreadyExists";
      model.accounts.set(step.target, {
        key: step.target,
        guardians: [],
        threshold: 0,
        wants: new Map(),
        proposed: [],
        running: undefined,
      });
      return undefined;
    case "setMember":
    case "removeMember":
      return applyMember(model, step, signers, time);
    case "delegate":
    case "endDelegation":
      return applyDelegation(model, step, signers, time);
    case "startRecovery":
    case "approveRecovery":
    case "withdrawApproval":
      return account ? applyGuardians(account, step, signers, time) : "UnknownAccount";
    default:
      if (!account) return "UnknownAccount";
      return signed ? applyOwner(model, account, step) : "NotOwner";
  }
}

function applyOwner(model: Model, account: ModelAccount, step: OwnerStep): string | undefined {
  if (step.kind === "cancelRecovery" && account.wants.size === 0) return "UnknownRecovery";
  if (step.kind === "removeGuardians" && account.guardians.length === 0) return "NoGuardians";
  if (step.kind === "setGuardians") {
    if (!step.guardians.every((guardian) => model.accounts.has(guardian))) return "UnknownAccount";
    if (step.guardians.length < step.threshold) return "ThresholdUnreachable";
    if (new Set(step.guardians).size < step.guardians.length) return "RepeatedEntry";
    if (step.guardians.includes(step.target)) return "SelfReference";
    account.threshold = step.threshold;
  }
  if (step.kind === "setGuardians" || step.kind === "removeGuardians")
    account.guardians = step.kind === "setGuardians" ? step.guardians : [];
  if (step.kind === "rotateKeys") account.key = step.key;
  endRecoveries(account);
  return undefined;
}

function applyGuardians(account: ModelAccount, step: GuardianStep, signers: readonly string[], time: number): string | undefined {
  if (account.guardians.length === 0) return "NoGuardians";
  const guardians = signers.filter((signer) => account.guardians.includes(signer));
  if (guardians.length === 0) return "NotGuardian";
  if (step.kind === "withdrawApproval") {
    if (!guardians.some((guardian) => account.wants.has(guardian))) return "UnknownRecovery";
    for (const guardian of guardians) account.wants.delete(guardian);
  } else {
    if (step.kind === "approveRecovery" && !account.proposed.includes(step.key)) return "UnknownRecovery";
    if (guardians.every((guardian) => account.wants.get(guardian) === step.key)) return "AlreadyApproved";
    for (const guardian of guardians) account.wants.set(guardian, step.key);
    if (!account.proposed.includes(step.key)) account.proposed.push(step.key);
  }
  settle(account, time);
  return undefined;
}

function settle(account: ModelAccount, time: number): void {
  const approvals = (key: string) => [...account.wants.values()].filter((wanted) => wanted === key).length;
  account.proposed = account.proposed.filter((key) => approvals(key) > 0);
  if (account.running && approvals(account.running.key) < account.threshold) account.running = undefined;
  const key = account.proposed.find((proposed) => approvals(proposed) >= account.threshold);
  if (!account.running && key !== undefined) account.running = { key, dueAt: time + DELAY_MS };
}

function endRecoveries(account: ModelAccount): void {
  account.wants.clear();
  account.proposed = [];
  account.running = undefined;
}

function applyMember(model: Model, step: MemberStep, signers: readonly string[], time: number): string | undefined {
  const { target, member } = step;
  const place = `${target}/${member}`;
  const before = model.members.get(place);
  const touched = [...(before?.roles ?? []), ...(step.kind === "setMember" ? step.roles : [])];
  const refusal = () => {
    if (signers.includes(target)) return undefined;
    if (!signers.some((signer) => modelHasRole(model, target, signer, "administrator", time))) return "NotAdministrator";
    return touched.includes("administrator") ? "AdministratorProtected" : undefined;
  };
  if (step.kind === "removeMember") {
    const refused = signers.includes(member) ? undefined : refusal();
    if (refused) return refused;
    return model.members.delete(place) ? undefined : "UnknownMember";
  }
  if (!model.accounts.has(target) || !model.accounts.has(member)) return "UnknownAccount";
  if (!(organisations as readonly string[]).includes(target)) return "NotOrganisation";
  const refused = refusal();
  if (refused) return refused;
  if (new Set(step.roles).size < step.roles.length) return "RepeatedEntry";
  if (target === member) return "SelfReference";
  model.members.set(place, { roles: step.roles, until: step.forMs === undefined ? Number.POSITIVE_INFINITY : time + step.forMs });
  return undefined;
}

function applyDelegation(model: Model, step: DelegationStep, signers: readonly string[], time: number): string | undefined {
  const { target, delegate } = step;
  const place = `${target}/${delegate}`;
  const mayEnd = step.kind === "endDelegation" && signers.includes(delegate);
  if (!mayEnd && !model.accounts.has(target)) return "UnknownAccount";
  if (!mayEnd && !signers.includes(target)) return "NotOwner";
  if (step.kind === "endDelegation") return model.delegations.delete(place) ? undefined : "UnknownDelegation";
  if (!model.accounts.has(delegate)) return "UnknownAccount";
  if (target === delegate) return "SelfReference";
  model.delegations.set(place, { scope: step.scope, until: time + step.forMs });
  return undefined;
}

export function modelHasRole(model: Model, organisation: string, member: string, role: string, time: number): boolean {
  const membership = model.members.get(`${organisation}/${member}`);
  return membership !== undefined && time < membership.until && membership.roles.includes(role);
}

export function modelIsDelegate(model: Model, owner: string, delegate: string, scope: string, time: number): boolean {
  const delegation = model.delegations.get(`${owner}/${delegate}`);
  return delegation !== undefined && time < delegation.until && delegation.scope === scope;
}
