import type { ProposedMessage } from "@galen/ledger/modules/approvals/schema";
import type { Client } from "@galen/sdk/client/client";
import { fetchProposal, type KnownProposal, listProposals } from "@galen/sdk/proposals/proposal";
import { errors } from "../errors.ts";
import { completeId } from "../reading/complete-id.ts";

const PAGE = 100;

/** A proposal as the read model lists it. */
export interface ListedProposal {
  readonly proposalId: string;
  readonly proposer: string;
  readonly messages: readonly ProposedMessage[];
  readonly asked: readonly string[];
  readonly votes: readonly { readonly account: string; readonly vote: string; readonly at: number }[];
  readonly expiresAt: number;
  readonly ending: string | null;
}

/** Proposals, the latest first: those that are open, or all. */
export async function proposals(client: Client, which: "open" | "all"): Promise<readonly ListedProposal[]> {
  const found: ListedProposal[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const page = await listProposals(client, { which, limit: PAGE, ...(before !== undefined && { before }) });
    found.push(...(page.items as unknown as ListedProposal[]));
    before = page.next;
  }
  return found;
}

/** The one proposal whose id begins with what the user typed. Throws Refusal cli/UnknownProposal, cli/AmbiguousId. */
export async function findProposal(client: Client, start: string): Promise<KnownProposal> {
  const ids = async () => (await proposals(client, "all")).map(({ proposalId }) => proposalId);
  return fetchProposal(client, await completeId(start, { ids, unknown: errors.UnknownProposal }));
}
