import { defineMessage } from "../../app/define-module.ts";
import { approve, decline, execute, propose, withdraw } from "./handlers.ts";
import { Approve, ProposalReference, Propose } from "./schema.ts";

export const messages = [
  defineMessage({
    type: "approvals.propose",
    summary: "Propose messages that need the signatures of several, who approve over time.",
    schema: Propose,
    handle: propose,
  }),
  defineMessage({
    type: "approvals.approve",
    summary: "Approve a proposal, which executes in the block in which its approvals suffice.",
    schema: Approve,
    handle: approve,
  }),
  defineMessage({
    type: "approvals.decline",
    summary: "Decline a proposal for good, also after an approval of it.",
    schema: ProposalReference,
    handle: decline,
  }),
  defineMessage({
    type: "approvals.withdraw",
    summary: "Withdraw an own proposal.",
    schema: ProposalReference,
    handle: withdraw,
  }),
  defineMessage({
    type: "approvals.execute",
    summary: "Try again to execute a proposal that has its approvals, when something else stood against it.",
    schema: ProposalReference,
    handle: execute,
  }),
];
