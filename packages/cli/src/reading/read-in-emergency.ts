import type { Setting } from "@galen/ledger/modules/emergency/index";
import { MAX_OBJECTS } from "@galen/ledger/modules/vault/schema";
import type { Actor } from "@galen/sdk/client/actor";
import type { Client } from "@galen/sdk/client/client";
import { query } from "@galen/sdk/client/query";
import { documentsOf } from "@galen/sdk/records/owned-documents";
import { type CommittedReason, commitReason, readEmergency } from "@galen/sdk/records/read-emergency";
import type { GrantedReading } from "@galen/sdk/records/read-granted";
import { type KnownObject, knownObjects } from "@galen/sdk/records/sealed-object";
import type { OnUnreadable } from "@galen/sdk/records/unreadable";
import { errors } from "../errors.ts";

export interface EmergencyRequest {
  readonly as: Actor;
  readonly owner: string;
  /** One document; default: the newest ones that the owner opens in an emergency, as one logged use. */
  readonly record?: string | undefined;
  /** Why it cannot wait. */
  readonly reason: string;
  readonly onUnreadable: OnUnreadable;
}

/** Reads without a grant. Rejects with GalenError `release/…`, Refusal cli/NoRecords. The reason comes back with its nonce, to be kept for the review. */
export async function readInEmergency(
  client: Client,
  { as, owner, record, reason: text, onUnreadable }: EmergencyRequest,
): Promise<GrantedReading & { readonly reason: CommittedReason }> {
  const objectIds = record === undefined ? await openedRecords(client, owner) : [record];
  const reason = commitReason(client, text);
  return { reason, ...(await readEmergency(client, { as, objectIds, reasonHash: reason.reasonHash, onUnreadable })) };
}

/** Where the owner opens nothing, all are asked for: the ledger says no, and the owner sees it. */
async function openedRecords(client: Client, owner: string): Promise<string[]> {
  const ids = (await documentsOf(client, owner)).map(({ objectId }) => objectId);
  const { setting } = (await query<{ setting?: Setting }>(client, "emergency.setting", { owner })).result;
  const isOpen = ({ policy, erasedAt }: KnownObject) =>
    erasedAt === undefined && (!setting || setting.opens.kind === "everything" || setting.opens.labels.includes(policy.compartment));
  const objectIds = (await knownObjects(client, ids)).filter(isOpen).map(({ objectId }) => objectId);
  if (objectIds.length === 0) throw errors.NoRecords({ patient: owner });
  return objectIds.slice(0, MAX_OBJECTS);
}
