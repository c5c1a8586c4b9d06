import type { Vote } from "@galen/sdk/proposals/vote";
import { type Answer, shortId } from "../terminal/answer.ts";

const outcomes: Readonly<Record<Vote["state"], (proposalId: string) => string>> = {
  open: (id) => `It is open: \`npx galen governance show ${shortId(id)}\` tells what it waits for.`,
  executed: () => "It has taken effect.",
  declined: () => "It has ended: those who are left cannot carry it.",
  withdrawn: () => "It is withdrawn.",
};

/** What a vote did. */
export function voteAnswer({ proposalId, state, txHash, height }: Vote): Answer {
  return { json: { proposalId, state, txHash, height }, text: `Proposal ${proposalId}\n${outcomes[state](proposalId)}` };
}
