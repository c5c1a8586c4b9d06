import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Grant } from "@galen/ledger/modules/vault/schema";
import type { Actor } from "../client/actor.ts";
import type { Client } from "../client/client.ts";
import { sortedLabels } from "../keys/compartment-label.ts";
import type { ExecutedTransaction } from "../transactions/executed-transaction.ts";
import { submit } from "../transactions/submit.ts";

/** Who may read what, why, until when and how often; see `vault.grant`. */
export interface GrantOptions extends Pick<Grant, "grantee" | "covers" | "purposes" | "until" | "reads" | "credentialType"> {
  /** The owner, or a delegate for whom `owner` names the owner. */
  readonly as: Actor;
  readonly owner?: string;
  /** Milliseconds since 1970; default: at once. */
  readonly from?: number;
  /** Hex, 32 random bytes; drawn here unless given. */
  readonly grantId?: string;
}

/** Lets somebody read; labels are named as `sortedLabels` has them. Rejects with GalenError, vault/NotOwner among them. */
export async function grantAccess(
  client: Client,
  { as, owner = as.account, from = 0, grantId = bytesToHex(client.random(32)), covers: named, ...granting }: GrantOptions,
): Promise<ExecutedTransaction & { readonly grantId: string }> {
  const covers = named.kind === "compartments" ? { ...named, labels: sortedLabels(named.labels) } : named;
  const message = { type: "vault.grant", value: { grantId, owner, from, covers, ...granting } };
  return { grantId, ...(await submit(client, { actors: [as], messages: [message] })) };
}

/** Ends a grant, from the next transaction on. Rejects with GalenError, vault/AlreadyRevoked among them. */
export function revokeAccess(
  client: Client,
  { as, grantId }: { readonly as: Actor; readonly grantId: string },
): Promise<ExecutedTransaction> {
  return submit(client, { actors: [as], messages: [{ type: "vault.revoke", value: { grantId } }] });
}
