import type { RefusalKind } from "@galen/ledger/app/refusal";
import { errors } from "@galen/ledger/modules/approvals/errors";
import { messagesHashOf } from "@galen/ledger/modules/approvals/messages-hash";
import type { Act, Proposal, ProposedMessage } from "@galen/ledger/modules/approvals/schema";
import { proposals, proposedMessages } from "@galen/ledger/modules/approvals/state";
import type { Message } from "@galen/ledger/tx/transaction";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { query } from "../client/query.ts";
import { rules } from "../client/rules.ts";
import { requestJson } from "../client/send-request.ts";
import { readProven } from "../proofs/read-proven.ts";
import { type Page, type Row, readPage } from "../records/listings.ts";
import { decodeMessage } from "./carried-message.ts";

/** A proposal with what it would do; the hash that an approval names was computed here, from these messages. */
export interface KnownProposal extends Act {
  readonly proposalId: string;
  readonly messagesHash: string;
  /** The messages as values; undefined where this program cannot read them, as those of another ledger version. */
  readonly decoded: readonly (Message | undefined)[];
  readonly proposal: Proposal;
  /** Whose approval counts now. */
  readonly counting: readonly string[];
  /** What stood against it at the last try. */
  readonly waitsFor: Pick<RefusalKind, "id" | "sentence"> | undefined;
}

/**
 * A proposal, open or ended. A client that trusts somebody has it proven that it is the one of this id, all but `counting`: who declines names nothing else.
 * Rejects with GalenError: approvals/UnknownProposal, client/UnexpectedAnswer when a node tells it falsely, and as `readProven`.
 */
export async function fetchProposal(client: Client, proposalId: string): Promise<KnownProposal> {
  const [told, proven] = await Promise.all([
    query<Told & { readonly counting: readonly string[] }>(client, "approvals.proposal", { proposalId }),
    client.trust && provenProposal(client, proposalId),
  ]);
  const { proposal, messages } = proven ?? told.result;
  const act = { proposer: proposal.proposer, version: proposal.version, messages };
  const messagesHash = messagesHashOf(act, client.crypto);
  if (messagesHash !== proposal.messagesHash) throw galenError(clientErrors.UnexpectedAnswer({ field: "messagesHash" }));
  const { counting } = told.result;
  return {
    proposalId,
    ...act,
    messagesHash,
    decoded: messages.map(decodeMessage),
    proposal,
    counting,
    waitsFor: refusalOf(proposal.refusalCode),
  };
}

interface Told {
  readonly proposal: Proposal;
  readonly messages: ProposedMessage[];
}

/** The ledger keeps also those that have ended. */
async function provenProposal(client: Client, proposalId: string): Promise<Told> {
  const [proposal, carried] = await Promise.all([
    readProven(client, proposals, proposalId),
    readProven(client, proposedMessages, proposalId),
  ]);
  if (!proposal.value || !carried.value) throw galenError(errors.UnknownProposal({ proposalId }));
  return { proposal: proposal.value, messages: carried.value.messages };
}

export interface ListProposalsOptions {
  /** Default: `open`. */
  readonly which?: "open" | "all";
  /** Only those that this account proposed or is asked for. */
  readonly voter?: string;
  /** Only those that ask an owner for grants and do nothing else (`access`), or only all others (`decision`). */
  readonly about?: "access" | "decision";
  readonly before?: number;
  readonly limit?: number;
}

/** Proposals of the node's read model, the latest first. Quick to ask, not proven. */
export async function listProposals(client: Client, { which = "open", ...page }: ListProposalsOptions = {}): Promise<Page<Row>> {
  const path = "/v1/proposals";
  return readPage(await requestJson(client, { path, query: { which, ...page } }), { path, before: page.before });
}

/** The refusal of a code, as the newest rules know it. */
function refusalOf(code: number | undefined): Pick<RefusalKind, "id" | "sentence"> | undefined {
  if (code === undefined) return undefined;
  const kinds = rules.modules.flatMap(({ errors }) => Object.values(errors).map(({ kind }) => kind));
  return kinds.find((kind) => kind.code === code) ?? { id: `ledger/${code}`, sentence: `refused with code ${code}` };
}
