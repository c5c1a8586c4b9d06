import { Refusal } from "@galen/ledger/app/refusal";
import type { Message } from "@galen/ledger/tx/transaction";
import type { Actor } from "../client/actor.ts";
import type { Client } from "../client/client.ts";
import { galenError } from "../client/galen-error.ts";
import type { TransactionOptions } from "../transactions/build-transaction.ts";
import type { ExecutedTransaction } from "../transactions/executed-transaction.ts";
import { submit } from "../transactions/submit.ts";
import { encodeMessage } from "./carried-message.ts";
import type { KnownProposal } from "./proposal.ts";

/** A week: time for officers in every time zone, and not so long that the reason is forgotten. */
const WINDOW_MS = 604_800_000;

/** Who signs, and what looks at the bytes before. */
interface Signing extends Pick<TransactionOptions, "beforeSigning"> {
  /** All of them sign; of a proposal the first one is the proposer, who acts. */
  readonly as: readonly Actor[];
}

export interface ProposeOptions extends Signing {
  readonly messages: readonly Message[];
  /** Accounts that may approve or decline. */
  readonly asked: readonly string[];
  /** Milliseconds since 1970; default in a week. */
  readonly expiresAt?: number | undefined;
}

/** A vote's transaction, and how the proposal stands after it. */
export type Vote = ExecutedTransaction & {
  readonly proposalId: string;
  readonly state: "open" | "executed" | "declined" | "withdrawn";
};

/** Proposes messages, which execute at once if these signatures suffice. Rejects with GalenError, approvals/TooManyOpen among them. */
export async function propose(client: Client, { messages, asked, expiresAt, ...signing }: ProposeOptions): Promise<Vote> {
  const value = { messages: encodeAll(messages), asked, expiresAt: expiresAt ?? client.now() + WINDOW_MS };
  const executed = await submit(client, {
    actors: signing.as,
    beforeSigning: signing.beforeSigning,
    messages: [{ type: "approvals.propose", value }],
  });
  const proposed = executed.events.find(({ type }) => type === "approvals.proposed");
  return withState(executed, String(proposed?.data.proposalId));
}

/** Approves a proposal that was fetched, and no other: the approval names the hash of what was fetched. Rejects with GalenError. */
export function approveProposal(client: Client, options: Signing & { readonly proposal: KnownProposal }): Promise<Vote> {
  const { proposalId, messagesHash } = options.proposal;
  return vote(client, options, { type: "approvals.approve", value: { proposalId, messagesHash } });
}

/** Declines a proposal for good. Rejects with GalenError. */
export function declineProposal(client: Client, options: Signing & { readonly proposalId: string }): Promise<Vote> {
  return vote(client, options, { type: "approvals.decline", value: { proposalId: options.proposalId } });
}

/** Withdraws an own proposal. Rejects with GalenError, approvals/NotProposer among them. */
export function withdrawProposal(client: Client, options: Signing & { readonly proposalId: string }): Promise<Vote> {
  return vote(client, options, { type: "approvals.withdraw", value: { proposalId: options.proposalId } });
}

/** Tries a proposal again that something else stood against. Rejects with GalenError: what stands against it now. */
export function executeProposal(client: Client, options: Signing & { readonly proposalId: string }): Promise<Vote> {
  return vote(client, options, { type: "approvals.execute", value: { proposalId: options.proposalId } });
}

async function vote(
  client: Client,
  { as, beforeSigning }: Signing,
  message: Message & { readonly value: { readonly proposalId: string; readonly messagesHash?: string } },
): Promise<Vote> {
  return withState(await submit(client, { actors: as, beforeSigning, messages: [message] }), message.value.proposalId);
}

function withState(executed: ExecutedTransaction, proposalId: string): Vote {
  const ended = executed.events.find(({ type, data }) => type === "approvals.ended" && data.proposalId === proposalId);
  return { ...executed, proposalId, state: (ended?.data.how as Vote["state"] | undefined) ?? "open" };
}

function encodeAll(messages: readonly Message[]) {
  try {
    return messages.map(encodeMessage);
  } catch (cause) {
    throw cause instanceof Refusal ? galenError(cause, { cause }) : cause;
  }
}
