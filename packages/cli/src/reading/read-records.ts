import { MAX_FILE_BYTES } from "@galen/gateway/fhir/read-json";
import type { Grant } from "@galen/ledger/modules/vault/schema";
import type { Actor } from "@galen/sdk/client/actor";
import type { Client } from "@galen/sdk/client/client";
import { query } from "@galen/sdk/client/query";
import { coveredBy } from "@galen/sdk/records/known-grants";
import { documentsOf } from "@galen/sdk/records/owned-documents";
import { type GrantedReading, readGranted } from "@galen/sdk/records/read-granted";
import { knownObjects } from "@galen/sdk/records/sealed-object";
import type { OnUnreadable } from "@galen/sdk/records/unreadable";
import { errors } from "../errors.ts";

export interface ReadRequest {
  readonly as: Actor;
  readonly owner: string;
  readonly purpose: Grant["purposes"][number];
  /** Left out by owners and delegates. */
  readonly grantId?: string;
  /** At most so many documents, the newest first. */
  readonly limit?: number;
  /** Hears of those that do not open, which are then left out. */
  readonly onUnreadable?: OnUnreadable;
}

/** What is open to owners and delegates. */
const EVERYTHING = { covers: { kind: "everything" } } as const;

/** Reads what a grant covers of an owner's records, as one logged request for each 64. Rejects with GalenError, Refusal cli/NoRecords. */
export async function readRecords(client: Client, { owner, grantId, limit, ...request }: ReadRequest): Promise<GrantedReading> {
  const ids = (await documentsOf(client, owner)).map(({ objectId }) => objectId);
  const terms = grantId === undefined ? EVERYTHING : await grantOf(client, grantId);
  const covered = coveredBy(terms, await knownObjects(client, ids));
  if (covered.length === 0) throw errors.NoRecords({ patient: owner });
  const objectIds = covered.slice(0, limit).map(({ objectId }) => objectId);
  return readGranted(client, { ...request, objectIds, maxSizeBytes: MAX_FILE_BYTES, ...(grantId === undefined ? {} : { grantId }) });
}

async function grantOf(client: Client, grantId: string): Promise<Grant> {
  return (await query<Grant>(client, "vault.grant", { grantId })).result;
}
