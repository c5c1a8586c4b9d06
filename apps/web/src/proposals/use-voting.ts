import type { Message } from "@galen/ledger/tx/transaction";
import type { Names } from "@galen/sdk/acts/say";
import type { KnownProposal } from "@galen/sdk/proposals/proposal";
import { type Vote, voteIn } from "@galen/sdk/proposals/vote";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTexts } from "../frame/texts.ts";
import { useSigning } from "../signing/signing.tsx";
import { proposalTexts } from "./proposal-texts.ts";

/** What somebody signs about a proposal: yes, no, back, again. */
export type VoteKind = "approve" | "decline" | "withdraw" | "execute";

export function voteMessage(kind: VoteKind, { proposalId, messagesHash }: Pick<KnownProposal, "proposalId" | "messagesHash">): Message {
  return { type: `approvals.${kind}`, value: kind === "approve" ? { proposalId, messagesHash } : { proposalId } };
}

interface Voting {
  readonly known: KnownProposal;
  readonly messages: readonly Message[];
  /** Names beside those of accounts. */
  readonly names?: Names;
}

/** Signs about a proposal whose words stand beside the button, and tells how it stands then. */
export function useVoting() {
  const t = useTexts(proposalTexts);
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn({ known, messages, names = () => undefined }: Voting): Promise<Vote> {
      const { proposalId } = known;
      const named: Names = (id) => names(id) ?? (id === proposalId ? t("theProposal") : undefined);
      const executed = await sign({ messages, names: named, proposals: () => known, isShown: true });
      return voteIn(executed, proposalId);
    },
    // Somebody else may have been quicker: what holds now is shown in either case.
    onSettled: () => Promise.all(["own-proposals", "own-grants"].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
}
