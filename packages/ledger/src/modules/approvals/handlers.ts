import type { Static } from "typebox";
import type { Context } from "../../app/context.ts";
import { derivedId } from "../../app/derived-id.ts";
import type { Refusal } from "../../app/refusal.ts";
import { version as versionRecord } from "../../app/upgrades.ts";
import { authorityOf, requireAccount } from "../accounts/index.ts";
import { errors } from "./errors.ts";
import { approved, declined, notExecuted, proposed } from "./events.ts";
import { messagesHashOf } from "./messages-hash.ts";
import {
  type Approval,
  type Approve,
  MAX_MESSAGE_BYTES,
  MAX_OPEN,
  MAX_WINDOW_MS,
  MIN_WINDOW_MS,
  type Proposal,
  type ProposalReference,
  type Propose,
  type ProposedMessage,
} from "./schema.ts";
import {
  countingApprovals,
  endProposal,
  openCounts,
  openProposal,
  proposals,
  proposedMessages,
  requireProposal,
  requireSameKeys,
} from "./state.ts";

type Reference = Static<typeof ProposalReference>;

/** `approvals.propose`: the signers propose and approve; the first of them is the one that will act. */
export function propose(ctx: Context, { messages, asked: invited, expiresAt }: Static<typeof Propose>): void {
  const proposer = ctx.signer;
  requireProposable(ctx, messages);
  requireSameKeys(ctx, ctx.signers);
  for (const account of invited) requireAccount(ctx, account);
  if (new Set(invited).size !== invited.length) throw errors.RepeatedAccount();
  if (expiresAt < ctx.time + MIN_WINDOW_MS || expiresAt > ctx.time + MAX_WINDOW_MS) throw errors.BadWindow({ expiresAt });
  if ((openCounts.get(ctx, proposer)?.count ?? 0) >= MAX_OPEN) throw errors.TooManyOpen({ proposer });

  const proposalId = derivedId(ctx);
  const version = versionRecord.get(ctx, "current")!.version;
  const asked = [...new Set([...ctx.signers, ...invited])].filter((account) => account !== proposer);
  const named = { proposer, version, messagesHash: messagesHashOf({ proposer, version, messages }, ctx.crypto), asked };
  const times = { createdAt: ctx.time, expiresAt };
  openProposal(ctx, proposalId, { ...named, approvals: ctx.signers.map((account) => approvalOf(ctx, account)), declined: [], ...times });
  proposedMessages.set(ctx, proposalId, { messages });
  ctx.emit(proposed({ proposalId, ...named, messages, approvedBy: [...ctx.signers], ...times }));
  executeIfPossible(ctx, proposalId);
}

/** `approvals.approve`: the signers who are asked approve exactly the messages whose hash they name. */
export function approve(ctx: Context, { proposalId, messagesHash }: Static<typeof Approve>): void {
  const { proposal, voters } = requireVoting(ctx, proposalId);
  if (proposal.messagesHash !== messagesHash) throw errors.OtherMessages({ proposalId });
  if (voters.some((voter) => proposal.declined.includes(voter))) throw errors.AlreadyDeclined({ proposalId });
  const counting = countingApprovals(ctx, { approvals: proposal.approvals.filter(({ account }) => voters.includes(account)) });
  if (voters.every((voter) => counting.includes(voter))) throw errors.AlreadyApproved({ proposalId });
  requireSameKeys(ctx, voters);

  const given = new Map([...proposal.approvals, ...voters.map((voter) => approvalOf(ctx, voter))].map((one) => [one.account, one]));
  proposals.set(ctx, proposalId, { ...proposal, approvals: [...given.values()] });
  ctx.emit(approved({ proposalId, voters }));
  executeIfPossible(ctx, proposalId);
}

/** `approvals.decline`: the signers who are asked say no, also after they had approved; for good. */
export function decline(ctx: Context, { proposalId }: Reference): void {
  const { proposal, voters: all } = requireVoting(ctx, proposalId);
  const voters = all.filter((voter) => voter !== proposal.proposer);
  if (voters.length === 0) throw errors.NotAsked({ proposalId });
  if (voters.every((voter) => proposal.declined.includes(voter))) throw errors.AlreadyDeclined({ proposalId });

  const refusers = [...new Set([...proposal.declined, ...voters])];
  const approvals = proposal.approvals.filter(({ account }) => !refusers.includes(account));
  const after: Proposal = { ...proposal, approvals, declined: refusers };
  proposals.set(ctx, proposalId, after);
  ctx.emit(declined({ proposalId, voters }));
  if (isOutOfReach(ctx, proposalId, after)) endProposal(ctx, proposalId, "declined");
}

/** `approvals.withdraw`: by the proposer. */
export function withdraw(ctx: Context, { proposalId }: Reference): void {
  const proposal = requireProposal(ctx, proposalId);
  if (!ctx.signers.includes(proposal.proposer)) throw errors.NotProposer({ proposalId });
  if (proposal.ending) throw errors.Ended({ proposalId, how: proposal.ending.how });

  endProposal(ctx, proposalId, "withdrawn");
}

/** `approvals.execute`: tries again what has its approvals, when something else stood against it. Refuses with what stands against it now. */
export function execute(ctx: Context, { proposalId }: Reference): void {
  requireVoting(ctx, proposalId);
  const refusal = run(ctx, proposalId);
  if (refusal) throw refusal;

  endProposal(ctx, proposalId, "executed");
}

/** Refuses messages that could never run, are about proposals, or are too large. */
function requireProposable(ctx: Context, messages: readonly ProposedMessage[]): void {
  const nested = messages.find(({ type }) => type.startsWith("approvals."));
  if (nested) throw errors.Nested({ type: nested.type });
  const sizeBytes = messages.reduce((sum, { value }) => sum + value.length / 2, 0);
  if (sizeBytes > MAX_MESSAGE_BYTES) throw errors.TooLarge({ sizeBytes, maxBytes: MAX_MESSAGE_BYTES });
  ctx.inner.requireRunnable(messages);
}

/** The proposal, if it is open, and those signers who may vote on it. */
function requireVoting(ctx: Context, proposalId: string): { proposal: Proposal; voters: string[] } {
  const proposal = requireProposal(ctx, proposalId);
  const { proposer, asked, ending, expiresAt, version } = proposal;
  const voters = ctx.signers.filter((signer) => signer === proposer || asked.includes(signer));
  if (voters.length === 0) throw errors.NotAsked({ proposalId });
  if (ending) throw errors.Ended({ proposalId, how: ending.how });
  if (ctx.time >= expiresAt) throw errors.Expired({ proposalId, expiresAt });
  const present = versionRecord.get(ctx, "current")!.version;
  if (version !== present) throw errors.OtherVersion({ proposalId, version, present });
  return { proposal, voters };
}

function approvalOf(ctx: Context, account: string): Approval {
  return { account, authority: authorityOf(ctx, account), at: ctx.time };
}

/** Runs the messages signed by everybody whose approval counts; what they say decides whether these are enough. */
function executeIfPossible(ctx: Context, proposalId: string): void {
  const refusal = run(ctx, proposalId);
  if (!refusal) {
    endProposal(ctx, proposalId, "executed");
    return;
  }
  const refusalCode = refusal.kind.code;
  proposals.set(ctx, proposalId, { ...requireProposal(ctx, proposalId), refusalCode });
  ctx.emit(notExecuted({ proposalId, refusalCode }));
}

function run(ctx: Context, proposalId: string): Refusal | undefined {
  const proposal = requireProposal(ctx, proposalId);
  const signers = countingApprovals(ctx, proposal);
  // Without the proposer another one would act.
  if (signers[0] !== proposal.proposer) return errors.ProposerLapsed({ proposalId });
  const { messages } = proposedMessages.get(ctx, proposalId)!;
  return ctx.inner.execute({ messages, signers, bodyHash: proposalId });
}

/** Whether the declines stand in the way: the messages would meet another answer if those who declined signed, too. */
function isOutOfReach(ctx: Context, proposalId: string, { proposer, asked, declined: refusers }: Proposal): boolean {
  const { messages } = proposedMessages.get(ctx, proposalId)!;
  const answerTo = (signers: string[]) => ctx.inner.rehearse({ messages, signers, bodyHash: proposalId })?.kind.code;
  const everybody = [proposer, ...asked];
  const answer = answerTo(everybody.filter((account) => !refusers.includes(account)));
  return answer !== undefined && answer !== answerTo(everybody);
}
