import type { approved, ended, notExecuted, proposed } from "@galen/ledger/modules/approvals/events";
import type { Writer } from "../database.ts";
import type { IndexedBlock } from "../source.ts";
import { nextNumber } from "./next-number.ts";
import type { View } from "./view.ts";

/** Of `approvals.approved` and `approvals.declined`, which have one shape. */
type Voted = Parameters<typeof approved>[0];

/** Proposals, open and past, with everybody's vote. */
export const approvalsView: View = {
  async "approvals.proposed"(writer: Writer, proposal: Parameters<typeof proposed>[0]) {
    const { number } = await writer
      .insertInto("proposals")
      .values({
        proposal_id: proposal.proposalId,
        number: nextNumber("proposals"),
        proposer: proposal.proposer,
        version: proposal.version,
        messages_hash: proposal.messagesHash,
        messages: JSON.stringify(proposal.messages),
        about: proposal.messages.every(({ type }) => type === "vault.grant") ? "access" : "decision",
        asked: JSON.stringify(proposal.asked),
        created_at: proposal.createdAt,
        expires_at: proposal.expiresAt,
        refusal_code: null,
        ending: null,
        ended_at: null,
      })
      .returning("number")
      .executeTakeFirstOrThrow();
    const voters = [proposal.proposer, ...proposal.asked].map((account) => ({ account, number }));
    await writer.insertInto("voters").values(voters).execute();
    await vote(writer, { proposalId: proposal.proposalId, voters: proposal.approvedBy }, { vote: "approved", at: proposal.createdAt });
  },

  "approvals.approved": (writer: Writer, voted: Voted, { time }: IndexedBlock) => vote(writer, voted, { vote: "approved", at: time }),

  "approvals.declined": (writer: Writer, voted: Voted, { time }: IndexedBlock) => vote(writer, voted, { vote: "declined", at: time }),

  "approvals.notExecuted": (writer: Writer, { proposalId, refusalCode }: Parameters<typeof notExecuted>[0]) =>
    writer.updateTable("proposals").set({ refusal_code: refusalCode }).where("proposal_id", "=", proposalId).execute(),

  "approvals.ended": (writer: Writer, { proposalId, how }: Parameters<typeof ended>[0], { time }: IndexedBlock) =>
    writer.updateTable("proposals").set({ ending: how, ended_at: time }).where("proposal_id", "=", proposalId).execute(),
};

/** The last vote of an account stands: an approval may be given anew, or turned into a decline. */
function vote(writer: Writer, { proposalId, voters }: Voted, cast: { vote: "approved" | "declined"; at: number }): Promise<unknown> {
  const rows = voters.map((account) => ({ proposal_id: proposalId, account, ...cast }));
  return writer
    .insertInto("votes")
    .values(rows)
    .onConflict((conflict) => conflict.columns(["proposal_id", "account"]).doUpdateSet(cast))
    .execute();
}
