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
export async function propose(client: Client, { as, beforeSigning, ...proposing }: ProposeOptions): Promise<Vote> {
  const messages = [proposalMessage(client, proposing)];
  return proposedBy(await submit(client, { actors: as, beforeSigning, messages }));
}

/** The message that proposes messages, for a transaction of the caller's. Throws GalenError for messages that the rules do not know. */
export function proposalMessage(client: Client, { messages, asked, expiresAt }: Omit<ProposeOptions, keyof Signing>): Message {
  return { type: "approvals.propose", value: { messages: encodeAll(messages), asked, expiresAt: expiresAt ?? client.now() + WINDOW_MS } };
}

/** The proposal that a transaction made, and how it stands after it. */
export function proposedBy(executed: ExecutedTransaction): Vote {
  const proposed = executed.events.find(({ type }) => type === "approvals.proposed");
  return voteIn(executed, String(proposed?.data.proposalId));
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
  return voteIn(await submit(client, { actors: as, beforeSigning, messages: [message] }), message.value.proposalId);
}

/** How a proposal stands after a transaction that votes on it. */
export function voteIn(executed: ExecutedTransaction, proposalId: string): Vote {
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
