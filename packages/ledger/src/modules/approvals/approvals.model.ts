import fc from "fast-check";

/** Four members who decide by more than two thirds, a candidate, and somebody from outside. */
export const names = ["north", "east", "south", "west", "clinic", "stranger"] as const;
export const founders = names.slice(0, 4);
const CANDIDATE = "clinic";
const HOUR_MS = 3_600_000;
const MIN_MS = 60_000;
const MAX_MS = 7_776_000_000;

/** What is proposed: a decision that can always be taken, one that needs the candidate, one that is refused until somebody is registered. */
const subjects = ["parameters", "admit", "strike"] as const;
export type Subject = (typeof subjects)[number];

type Step =
  | { readonly kind: "propose"; readonly subject: Subject; readonly asked: readonly string[]; readonly windowMs: number }
  | { readonly kind: "approve" | "decline" | "withdraw" | "execute"; readonly proposal: number }
  | { readonly kind: "rotate" | "leave" | "register" };

/** A transaction of one message. */
export type Operation = Step & { readonly by: readonly string[]; readonly waitMs: number };

interface Proposal {
  readonly proposer: string;
  readonly subject: Subject;
  readonly asked: ReadonlySet<string>;
  /** By whom, with which of its keys. */
  readonly approvals: Map<string, number>;
  readonly declined: Set<string>;
  readonly expiresAt: number;
  state: "open" | "executed" | "declined" | "withdrawn" | "expired";
}

/** What the module must answer, in plain sets and maps. */
export interface Model {
  readonly proposals: Proposal[];
  readonly members: Set<string>;
  /** How often an account has changed its keys. */
  readonly keys: Map<string, number>;
  registered: boolean;
  /** How often parameters were set. */
  changes: number;
}

export function createModel(): Model {
  return { proposals: [], members: new Set(founders), keys: new Map(names.map((name) => [name, 0])), registered: false, changes: 0 };
}

const aName = fc.constantFrom(...names);
const several = fc.oneof(
  { weight: 3, arbitrary: aName.map((name) => [name]) },
  { weight: 1, arbitrary: fc.uniqueArray(aName, { minLength: 2, maxLength: 5 }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("propose"),
      subject: fc.constantFrom(...subjects, "strike"),
      asked: fc.oneof(fc.constant(names), fc.uniqueArray(aName, { maxLength: 6 })),
      windowMs: fc.constantFrom(MIN_MS - 1, MIN_MS, HOUR_MS, HOUR_MS, 9 * HOUR_MS, MAX_MS + 1),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constantFrom("approve", "approve", "approve", "approve", "decline", "withdraw", "execute", "execute"),
      proposal: fc.nat(3),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("rotate", "rotate", "rotate", "register", "register", "leave") }) },
);

/** Random transactions on the last few proposals. */
export const operation: fc.Arbitrary<Operation> = fc
  .record({ step, by: several, waitMs: fc.constantFrom(0, 0, 0, 0, HOUR_MS / 3) })
  .map(({ step, ...rest }) => ({ ...step, ...rest }));

/** The proposal that an operation is about: the last but so many. */
export function targetOf(model: Model, back: number): number {
  return model.proposals.length - 1 - back;
}

/** Applies an operation in a block of time `now`; returns the id of the refusal that must be the answer, undefined for success. */
export function apply(model: Model, operation: Operation, now: number): string | undefined {
  for (const proposal of model.proposals) if (proposal.state === "open" && now >= proposal.expiresAt) proposal.state = "expired";
  const { by } = operation;
  switch (operation.kind) {
    case "propose":
      return applyProposal(model, operation, now);
    case "rotate":
      model.keys.set(by[0]!, model.keys.get(by[0]!)! + 1);
      return undefined;
    case "leave":
      if (!model.members.has(by[0]!)) return "governance/NotMember";
      if (model.members.size === 1) return "governance/LastMember";
      model.members.delete(by[0]!);
      return undefined;
    case "register":
      // Signed by all members.
      if (model.registered) return "governance/UnchangedIssuer";
      model.registered = true;
      return undefined;
    default:
      return applyVote(model, operation, model.proposals[targetOf(model, operation.proposal)]);
  }
}

function applyProposal(model: Model, { by, subject, asked, windowMs }: Operation & { kind: "propose" }, now: number): string | undefined {
  if (windowMs < MIN_MS || windowMs > MAX_MS) return "approvals/BadWindow";
  const [proposer, ...others] = by as [string, ...string[]];
  const approvals = new Map(by.map((name) => [name, model.keys.get(name)!]));
  const voters = new Set([...asked, ...others]);
  voters.delete(proposer);
  const proposal: Proposal = { proposer, subject, asked: voters, approvals, declined: new Set(), expiresAt: now + windowMs, state: "open" };
  model.proposals.push(proposal);
  tryToExecute(model, proposal);
  return undefined;
}

function applyVote(model: Model, { kind, by }: Operation, proposal: Proposal | undefined): string | undefined {
  if (!proposal) return "approvals/UnknownProposal";
  if (kind === "withdraw") {
    if (!by.includes(proposal.proposer)) return "approvals/NotProposer";
    if (proposal.state !== "open") return "approvals/Ended";
    proposal.state = "withdrawn";
    return undefined;
  }
  const voters = by.filter((name) => name === proposal.proposer || proposal.asked.has(name));
  if (voters.length === 0) return "approvals/NotAsked";
  if (proposal.state !== "open") return "approvals/Ended";
  if (kind === "execute") return tryToExecute(model, proposal);
  return kind === "approve" ? applyApproval(model, proposal, voters) : applyDecline(model, proposal, voters);
}

function applyApproval(model: Model, proposal: Proposal, voters: readonly string[]): string | undefined {
  if (voters.some((name) => proposal.declined.has(name))) return "approvals/AlreadyDeclined";
  if (voters.every((name) => counting(model, proposal).has(name))) return "approvals/AlreadyApproved";
  for (const name of voters) proposal.approvals.set(name, model.keys.get(name)!);
  tryToExecute(model, proposal);
  return undefined;
}

function applyDecline(model: Model, proposal: Proposal, all: readonly string[]): string | undefined {
  const voters = all.filter((name) => name !== proposal.proposer);
  if (voters.length === 0) return "approvals/NotAsked";
  if (voters.every((name) => proposal.declined.has(name))) return "approvals/AlreadyDeclined";
  for (const name of voters) {
    proposal.declined.add(name);
    proposal.approvals.delete(name);
  }
  const everybody = new Set([proposal.proposer, ...proposal.asked]);
  const left = new Set([...everybody].filter((name) => !proposal.declined.has(name)));
  const answer = verdict(model, proposal.subject, left);
  if (answer !== undefined && answer !== verdict(model, proposal.subject, everybody)) proposal.state = "declined";
  return undefined;
}

function counting(model: Model, { approvals }: Proposal): Set<string> {
  return new Set([...approvals].filter(([name, keys]) => model.keys.get(name) === keys).map(([name]) => name));
}

function tryToExecute(model: Model, proposal: Proposal): string | undefined {
  const signers = counting(model, proposal);
  if (!signers.has(proposal.proposer)) return "approvals/ProposerLapsed";
  const refusal = verdict(model, proposal.subject, signers);
  if (refusal !== undefined) return refusal;
  proposal.state = "executed";
  if (proposal.subject === "parameters") model.changes += 1;
  if (proposal.subject === "admit") model.members.add(CANDIDATE);
  if (proposal.subject === "strike") model.registered = false;
  return undefined;
}

/** What the governance module says to a transaction of these signers. */
function verdict(model: Model, subject: Subject, signers: ReadonlySet<string>): string | undefined {
  const approving = [...signers].filter((name) => model.members.has(name)).length;
  if (approving * 3 <= model.members.size * 2) return "governance/NotDecided";
  if (subject === "admit" && model.members.has(CANDIDATE)) return "governance/AlreadyMember";
  if (subject === "admit" && !signers.has(CANDIDATE)) return "governance/CandidateMustSign";
  if (subject === "strike" && !model.registered) return "governance/UnknownIssuer";
  return undefined;
}
