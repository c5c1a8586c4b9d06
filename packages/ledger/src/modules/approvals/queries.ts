import { walkAfter } from "../../app/collection.ts";
import type { ReadContext } from "../../app/context.ts";
import { defineQuery } from "../../app/define-module.ts";
import { MAX_LISTED, OpenFrom, OpenProposals, ProposalReference, ProposalStatus } from "./schema.ts";
import { countingApprovals, open, proposedMessages, requireProposal } from "./state.ts";

export const queries = [
  defineQuery({
    name: "approvals.proposal",
    summary: "A proposal, open or ended: its messages, who is asked, and whose approval counts.",
    parameters: ProposalReference,
    result: ProposalStatus,
    run: (ctx, { proposalId }) => statusOf(ctx, proposalId),
  }),
  defineQuery({
    name: "approvals.open",
    summary: "Open proposals in the order of their expiry, from a given time on, at most 32.",
    parameters: OpenFrom,
    result: OpenProposals,
    run(ctx, last) {
      const waiting = [...open.entries(ctx, { ...walkAfter(last), limit: MAX_LISTED })];
      return { proposals: waiting.map(([, { proposalId }]) => statusOf(ctx, proposalId)) };
    },
  }),
];

function statusOf(ctx: ReadContext, proposalId: string) {
  const proposal = requireProposal(ctx, proposalId);
  return { proposalId, proposal, ...proposedMessages.get(ctx, proposalId)!, counting: countingApprovals(ctx, proposal) };
}
