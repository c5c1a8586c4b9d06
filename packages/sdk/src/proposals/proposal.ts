import type { RefusalKind } from "@galen/ledger/app/refusal";
import { messagesHashOf } from "@galen/ledger/modules/approvals/messages-hash";
import type { Act, Proposal, ProposedMessage } from "@galen/ledger/modules/approvals/schema";
import type { Message } from "@galen/ledger/tx/transaction";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { query } from "../client/query.ts";
import { rules } from "../client/rules.ts";
import { requestJson } from "../client/send-request.ts";
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

/** A proposal, open or ended. Rejects with GalenError: approvals/UnknownProposal, client/UnexpectedAnswer when a node tells it falsely. */
export async function fetchProposal(client: Client, proposalId: string): Promise<KnownProposal> {
  type Status = { proposal: Proposal; messages: ProposedMessage[]; counting: string[] };
  const { result } = await query<Status>(client, "approvals.proposal", { proposalId });
  const { proposal, messages, counting } = result;
  const act = { proposer: proposal.proposer, version: proposal.version, messages };
  const messagesHash = messagesHashOf(act, client.crypto);
  if (messagesHash !== proposal.messagesHash) throw galenError(clientErrors.UnexpectedAnswer({ field: "messagesHash" }));
  const decoded = messages.map(decodeMessage);
  return { proposalId, ...act, messagesHash, decoded, proposal, counting, waitsFor: refusalOf(proposal.refusalCode) };
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
