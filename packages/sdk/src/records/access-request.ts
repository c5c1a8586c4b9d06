import type { Grant } from "@galen/ledger/modules/vault/schema";
import type { Message } from "@galen/ledger/tx/transaction";
import type { Client } from "../client/client.ts";
import { GalenError } from "../client/galen-error.ts";
import { query } from "../client/query.ts";
import { type AskedLabel, askedLabelBetween } from "../keys/asked-label.ts";
import { compartmentLabel, sortedLabels } from "../keys/compartment-label.ts";
import type { KnownProposal } from "../proposals/proposal.ts";
import { type ProposeOptions, proposalMessage, proposedBy, type Vote } from "../proposals/vote.ts";
import type { OwnAccount } from "../transactions/own-account.ts";
import { submit } from "../transactions/submit.ts";
import { type CommittedReason, commitReason } from "./read-emergency.ts";
import { recordKeyOf } from "./record-key.ts";

/** What a request is for: everything, or compartments by name. `unreadable`: only asker and owner can tell which. */
export type Wanted =
  | { readonly kind: "everything" }
  | { readonly kind: "compartments"; readonly names: readonly string[] }
  | { readonly kind: "unreadable" };

/** The value of a `vault.grant`. */
export type Granting = Pick<Grant, "owner" | "grantee" | "covers" | "purposes" | "from" | "until" | "reads" | "credentialType"> & {
  readonly grantId: string;
};

/** A proposal that asks an owner for access: one grant, to the proposer. */
export interface AccessRequest {
  readonly proposal: KnownProposal;
  /** The grant as proposed. Its id commits to the stated reason (`fitsReason`). */
  readonly granting: Granting;
  readonly wants: Wanted;
}

export interface AskOptions extends Pick<ProposeOptions, "expiresAt" | "beforeSigning"> {
  readonly as: OwnAccount;
  readonly owner: string;
  /** Who may answer, beside the owner: those who act for the owner. */
  readonly delegates?: readonly string[];
  readonly wants: Exclude<Wanted, { readonly kind: "unreadable" }>;
  readonly purposes: Grant["purposes"];
  /** Milliseconds since 1970, for the grant. */
  readonly until: number;
  /** Stays with the asker, who shows it to whom it concerns; the ledger gets a hash that commits to it. */
  readonly reason: string;
}

/** A request that was sent, with the reason as `fitsReason` checks it. */
export type AskedAccess = Vote & { readonly reason: CommittedReason };

/** What is to be signed to ask an owner for access. */
export interface AccessProposal {
  /** `approvals.propose` with the grant. */
  readonly message: Message;
  readonly reason: CommittedReason;
  /** Names of the compartments by the labels under which they are asked for: to show what is signed. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Asks an owner for access: proposes the grant, which the owner approves or declines. Rejects with GalenError accounts/UnknownAccount, approvals/TooManyOpen,
 * and with RangeError where the owner has no valid record key.
 */
export async function askAccess(client: Client, { beforeSigning, ...asking }: AskOptions): Promise<AskedAccess> {
  const { message, reason } = await accessProposal(client, asking);
  return { ...proposedBy(await submit(client, { actors: [asking.as], messages: [message], beforeSigning })), reason };
}

/** What `askAccess` sends, for a transaction of the caller's. Rejects like it. */
export async function accessProposal(client: Client, options: Omit<AskOptions, "beforeSigning">): Promise<AccessProposal> {
  const { as, owner, delegates = [], wants, purposes, until, expiresAt } = options;
  const reason = commitReason(client, options.reason);
  const names = await askedNames(client, options, reason.reasonHash);
  const value: Granting = {
    grantId: reason.reasonHash,
    owner,
    grantee: { kind: "person", account: as.account },
    covers: wants.kind === "everything" ? wants : { kind: "compartments", labels: sortedLabels(names.keys()) },
    purposes,
    from: 0,
    until,
  };
  const messages = [{ type: "vault.grant", value }];
  return { message: proposalMessage(client, { messages, asked: [owner, ...delegates], expiresAt }), reason, names };
}

async function askedNames(client: Client, { as, owner, wants }: Pick<AskOptions, "as" | "owner" | "wants">, grantId: string) {
  if (wants.kind === "everything") return new Map<string, string>();
  const label = askedLabelBetween(as.keys.record, await recordKeyOf(client, owner));
  if (!label) throw new RangeError("the owner has no valid record key");
  return new Map(wants.names.map((name) => [label(grantId, name), name]));
}

/**
 * What a proposal asks an owner for; undefined for a proposal of another kind. Asker and owner can tell the compartments, by the names that they know.
 * Rejects with GalenError.
 */
export async function readAccessRequest(
  client: Client,
  { own, proposal, names }: { readonly own: OwnAccount; readonly proposal: KnownProposal; readonly names: readonly string[] },
): Promise<AccessRequest | undefined> {
  const granting = grantingOf(proposal);
  if (!granting) return undefined;
  const { grantId, covers, owner } = granting;
  if (covers.kind === "everything") return { proposal, granting, wants: covers };
  if (covers.kind !== "compartments") return undefined;
  const label = await labelWith(client, own, own.account === owner ? proposal.proposer : owner);
  const known = names.filter((name) => label !== undefined && covers.labels.includes(label(grantId, name)));
  const isReadable = known.length === covers.labels.length;
  return { proposal, granting, wants: isReadable ? { kind: "compartments", names: known } : { kind: "unreadable" } };
}

async function labelWith(client: Client, own: OwnAccount, other: string): Promise<AskedLabel | undefined> {
  return askedLabelBetween(own.keys.record, await recordKeyOf(client, other));
}

function grantingOf({ decoded, proposer }: KnownProposal): Granting | undefined {
  const [message] = decoded;
  if (decoded.length !== 1 || message?.type !== "vault.grant") return undefined;
  const granting = message.value as Granting;
  const { grantee, owner } = granting;
  return grantee.kind === "person" && grantee.account === proposer && owner !== proposer ? granting : undefined;
}

/**
 * The messages by which an owner, or who acts for the owner, says yes. Everything: the approval, which executes the grant. Compartments: the labels of the
 * proposal stand for nothing, so the owner declines it as it is worded, which ends it, and gives the grant of that id under `labels`, by default the own ones
 * of what is wanted. Throws RangeError for what cannot be read.
 */
export function allowingMessages(
  { proposal, granting, wants }: AccessRequest,
  own: OwnAccount,
  labels?: readonly string[],
): readonly Message[] {
  const { proposalId, messagesHash } = proposal;
  if (wants.kind === "everything") return [{ type: "approvals.approve", value: { proposalId, messagesHash } }];
  if (wants.kind === "unreadable" || own.account !== granting.owner) throw new RangeError("only the owner can give what this asks for");
  const given = labels ?? sortedLabels(wants.names.map((name) => compartmentLabel(own.keys.compartmentKey, name)));
  // In this order: once the grant exists, a no changes nothing about what the proposal can do, and would leave it open.
  return [
    { type: "approvals.decline", value: { proposalId } },
    { type: "vault.grant", value: { ...granting, covers: { kind: "compartments", labels: given } } },
  ];
}

/** How a request stands. `given`: the grant exists, also if it has ended since. */
export type RequestState = "open" | "given" | "declined" | "withdrawn" | "expired";

/** How a request stands, as the node says. */
export async function requestStateOf(client: Client, { proposal, granting }: AccessRequest): Promise<RequestState> {
  const { ending, expiresAt } = proposal.proposal;
  if (ending?.how === "executed" || (await isGiven(client, granting))) return "given";
  if (ending) return ending.how;
  return expiresAt <= client.now() ? "expired" : "open";
}

async function isGiven(client: Client, { grantId, owner, covers }: Granting): Promise<boolean> {
  // Everything is given by the proposal itself.
  if (covers.kind === "everything") return false;
  try {
    return (await query<Grant>(client, "vault.grant", { grantId })).result.owner === owner;
  } catch (error) {
    if (error instanceof GalenError && error.id === "vault/UnknownGrant") return false;
    throw error;
  }
}
