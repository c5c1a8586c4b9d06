import { defineCollection, defineOrderedCollection } from "../../app/collection.ts";
import type { Context, ReadContext, WriteContext } from "../../app/context.ts";
import { isFromVersion } from "../../app/upgrades.ts";
import { authorityOf, hasOtherKeys } from "../accounts/index.ts";
import { errors } from "./errors.ts";
import { ended } from "./events.ts";
import { type Ending, MAX_EXPIRED_PER_BLOCK, Messages, OpenCount, Proposal, Waiting } from "./schema.ts";

/** `approvals/proposals/<proposalId>` -> Proposal, also those that have ended */
export const proposals = defineCollection<[proposalId: string], typeof Proposal>("approvals/proposals", Proposal);
/** `approvals/messages/<proposalId>` -> its messages; written once, so that a vote does not write them again */
export const proposedMessages = defineCollection<[proposalId: string], typeof Messages>("approvals/messages", Messages);
/** `approvals/open/<expiresAt>/<proposalId>` -> the open proposals by the time at which they expire */
export const open = defineOrderedCollection<[expiresAt: number, proposalId: string], typeof Waiting>("approvals/open", Waiting);
/** `approvals/open-count/<proposer>` -> how many proposals of an account are open; no record when none is */
export const openCounts = defineCollection<[proposer: string], typeof OpenCount>("approvals/open-count", OpenCount);

/**
 * Refuses with approvals/KeysChanged when a message before this one has given one of the accounts other keys, from version 5 on: its signature was given with the
 * former ones, and whoever stole those could approve in the name of the keys that will replace them.
 */
export function requireSameKeys(ctx: Pick<Context, "state" | "before" | "crypto">, signers: readonly string[]): void {
  const changed = isFromVersion(ctx, 5) ? signers.find((account) => hasOtherKeys(ctx, account)) : undefined;
  if (changed !== undefined) throw errors.KeysChanged({ account: changed });
}

/** The proposal, or refuses with approvals/UnknownProposal. */
export function requireProposal(ctx: Pick<ReadContext, "state">, proposalId: string): Proposal {
  const proposal = proposals.get(ctx, proposalId);
  if (!proposal) throw errors.UnknownProposal({ proposalId });
  return proposal;
}

/** Whether an account proposed a proposal or is asked for it. */
export function isVoter(ctx: Pick<ReadContext, "state">, { account, proposalId }: { account: string; proposalId: string }): boolean {
  const proposal = proposals.get(ctx, proposalId);
  return proposal !== undefined && (proposal.proposer === account || proposal.asked.includes(account));
}

/** Whose approvals count now, in their order: a lost or stolen key that was replaced approves nothing any more. */
export function countingApprovals(ctx: Pick<ReadContext, "state" | "crypto">, { approvals }: Pick<Proposal, "approvals">): string[] {
  return approvals.filter(({ account, authority }) => authorityOf(ctx, account) === authority).map(({ account }) => account);
}

/** Puts a new proposal among the open ones. */
export function openProposal(ctx: WriteContext, proposalId: string, proposal: Proposal): void {
  const { proposer, expiresAt } = proposal;
  proposals.set(ctx, proposalId, proposal);
  open.set(ctx, expiresAt, proposalId, { proposalId, expiresAt });
  openCounts.set(ctx, proposer, { count: (openCounts.get(ctx, proposer)?.count ?? 0) + 1 });
}

/** Ends an open proposal. */
export function endProposal(ctx: WriteContext, proposalId: string, how: Ending): void {
  const proposal = requireProposal(ctx, proposalId);
  const { proposer, expiresAt } = proposal;
  const others = openCounts.get(ctx, proposer)!.count - 1;
  proposals.set(ctx, proposalId, { ...proposal, ending: { how, at: ctx.time } });
  open.delete(ctx, expiresAt, proposalId);
  if (others === 0) openCounts.delete(ctx, proposer);
  else openCounts.set(ctx, proposer, { count: others });
  ctx.emit(ended({ proposalId, how }));
}

/** Ends the proposals whose time has passed: the earliest first, at most 64 in a block. */
export function endExpired(ctx: WriteContext): void {
  const due = [...open.entries(ctx, { before: ctx.time + 1, limit: MAX_EXPIRED_PER_BLOCK })];
  for (const [, { proposalId }] of due) endProposal(ctx, proposalId, "expired");
}
