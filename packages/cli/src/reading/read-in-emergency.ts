import { MAX_FILE_BYTES } from "@galen/gateway/fhir/read-json";
import type { Actor } from "@galen/sdk/client/actor";
import type { Client } from "@galen/sdk/client/client";
import { type CommittedReason, commitReason, emergencyDocuments, readEmergency } from "@galen/sdk/records/read-emergency";
import type { GrantedReading } from "@galen/sdk/records/read-granted";
import type { OnUnreadable } from "@galen/sdk/records/unreadable";
import { errors } from "../errors.ts";

export interface EmergencyRequest {
  readonly as: Actor;
  readonly owner: string;
  /** One document; default: the newest ones that the owner opens in an emergency, as one logged use. */
  readonly record?: string | undefined;
  /** So many of the newest are left out: an earlier use has opened them. */
  readonly skip?: number | undefined;
  /** Why it cannot wait. */
  readonly reason: string;
  readonly onUnreadable: OnUnreadable;
}

/** What a use has opened, and how many documents are left for further ones. */
export type EmergencyReading = GrantedReading & { readonly reason: CommittedReason; readonly older: number };

/** Reads without a grant. Rejects with GalenError `release/…`, Refusal cli/NoRecords. The reason comes back with its nonce, to be kept for the review. */
export async function readInEmergency(
  client: Client,
  { as, owner, record, skip, reason: text, onUnreadable }: EmergencyRequest,
): Promise<EmergencyReading> {
  const { objectIds, older } = record === undefined ? await emergencyDocuments(client, owner, { skip }) : { objectIds: [record], older: 0 };
  if (objectIds.length === 0) throw errors.NoRecords({ patient: owner });
  const reason = commitReason(client, text);
  const reading = { as, objectIds, reasonHash: reason.reasonHash, onUnreadable, maxSizeBytes: MAX_FILE_BYTES };
  return { reason, older, ...(await readEmergency(client, reading)) };
}
