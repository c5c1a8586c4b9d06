import type { AuditContext } from "../../app/context.ts";
import type { Invariant } from "../../app/define-module.ts";
import { messagesHashOf } from "./messages-hash.ts";
import type { Proposal } from "./schema.ts";
import { open, openCounts, proposals, proposedMessages } from "./state.ts";

/** What holds after every block. */
export const invariants: Readonly<Record<string, Invariant>> = {
  "the queue and the counts hold exactly the open proposals": (audit) => {
    const opened = openProposals(audit);
    const queued = new Set([...audit.all(open)].map(([key]) => key));
    const wanted = opened.map(([id, { expiresAt }]) => open.keyOf(expiresAt, id).slice(open.prefix.length + 1));
    if (queued.size !== wanted.length || !wanted.every((key) => queued.has(key))) throw new Error("the queue differs from the proposals");
    const counted = new Map([...audit.all(openCounts)].map(([proposer, { count }]) => [proposer, count]));
    for (const [, { proposer }] of opened) counted.set(proposer, (counted.get(proposer) ?? 0) - 1);
    if ([...counted.values()].some((rest) => rest !== 0)) throw new Error("the counts differ from the proposals");
  },
  "the messages of a proposal are those that its hash names": (audit) => {
    for (const [id, { proposer, version, messagesHash }] of audit.all(proposals)) {
      const { messages } = proposedMessages.get(audit, id)!;
      if (messagesHashOf({ proposer, version, messages }, audit.crypto) !== messagesHash) throw new Error(`the messages of ${id} changed`);
    }
  },
  "the proposer approves first, and nobody else votes twice or unasked": (audit) => {
    for (const [id, { proposer, asked, approvals, declined }] of audit.all(proposals)) {
      const votes = [...approvals.map(({ account }) => account), ...declined];
      const others = votes.slice(1);
      if (votes[0] !== proposer || new Set(votes).size !== votes.length) throw new Error(`the votes on ${id} are broken`);
      if (!others.every((account) => asked.includes(account))) throw new Error(`somebody who was not asked votes on ${id}`);
    }
  },
};

function openProposals(audit: AuditContext): (readonly [id: string, proposal: Proposal])[] {
  return [...audit.all(proposals)].filter(([, { ending }]) => ending === undefined);
}
