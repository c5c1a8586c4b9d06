import type { Grant } from "@galen/ledger/modules/vault/schema";
import type { Names } from "@galen/sdk/acts/say";
import type { Client } from "@galen/sdk/client/client";
import { bestGrant, coveredBy, type KnownGrant } from "@galen/sdk/records/known-grants";
import { documentsOf, type ListedDocument } from "@galen/sdk/records/owned-documents";
import { type CommittedReason, commitReason, emergencyDocuments, readEmergency } from "@galen/sdk/records/read-emergency";
import { type GrantedReading, readGranted } from "@galen/sdk/records/read-granted";
import { knownObjects } from "@galen/sdk/records/sealed-object";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import type { ChartDocument } from "../chart/chart.ts";
import { type DocumentReading, readDocuments } from "./read-documents.ts";

export type Purpose = Grant["purposes"][number];

/** A patient's record as it was opened in this tab. It leaves with the tab. */
export interface OpenedRecord {
  readonly documents: readonly ChartDocument[];
  /** Documents that were released and do not open. */
  readonly unreadable: number;
  readonly purpose: Purpose;
  readonly openedAt: number;
  /** Entries in the patient's log. */
  readonly releaseIds: readonly string[];
  /** Of a reading in an emergency: what the review will ask for. */
  readonly reason?: CommittedReason;
  /** The labels under which the patient's documents lie, by area, as far as they were seen. */
  readonly labels: ReadonlyMap<string, string>;
}

/** Nothing is on file, or nothing that the grant covers: there is nothing to ask for. */
export class NothingToOpenError extends Error {
  override readonly name = "NothingToOpenError";
}

/** The patient has given this reader no access: nothing would be asked for, and nobody told. */
export class NoAccessError extends Error {
  override readonly name = "NoAccessError";
}

interface Opening {
  readonly client: Client;
  readonly own: OwnAccount;
  readonly owner: string;
  /** Shows the act, with these names, and asks. */
  readonly ask: (names: Names) => (bodyBytes: Uint8Array) => Promise<void>;
  /** What a document is called before anybody has opened it. */
  readonly numberName: (number: number) => string;
}

/** Opens what grants cover, for a stated purpose. Rejects with GalenError `release/…`, NotSignedError, NothingToOpenError, NoAccessError. */
export async function openGranted(
  opening: Opening,
  { grants, purpose }: { readonly grants: readonly KnownGrant[]; readonly purpose: Purpose },
): Promise<OpenedRecord> {
  const { client, own, owner } = opening;
  const grant = bestGrant(grants, { purpose, now: client.now() });
  if (!grant) throw new NoAccessError("no grant");
  const listed = await documentsOf(client, owner);
  const known = await knownObjects(
    client,
    listed.map(({ objectId }) => objectId),
  );
  const objectIds = coveredBy(grant, known).map(({ objectId }) => objectId);
  if (objectIds.length === 0) throw new NothingToOpenError("nothing is covered");
  const beforeSigning = opening.ask(numberNames(opening, listed));
  return recordOf(opening, { listed, purpose }, (reading) =>
    readGranted(client, { as: own, objectIds, purpose, grantId: grant.grantId, beforeSigning, ...reading }),
  );
}

/** Opens in an emergency what the patient lets be opened then. Rejects like `openGranted`, with release/EmergencyNotAllowed besides. */
export async function openInEmergency(opening: Opening, reasonText: string): Promise<OpenedRecord> {
  const { client, own, owner } = opening;
  const [objectIds, listed] = await Promise.all([emergencyDocuments(client, owner), documentsOf(client, owner)]);
  if (objectIds.length === 0) throw new NothingToOpenError("nothing is on file");
  const reason = commitReason(client, reasonText);
  const beforeSigning = opening.ask(numberNames(opening, listed));
  const record = await recordOf(opening, { listed, purpose: "ETREAT" }, (reading) =>
    readEmergency(client, { as: own, objectIds, reasonHash: reason.reasonHash, beforeSigning, ...reading }),
  );
  return { ...record, reason };
}

function numberNames({ numberName }: Opening, listed: readonly ListedDocument[]): Names {
  const numbers = new Map(listed.map(({ objectId, number }) => [objectId, numberName(number + 1)]));
  return (id) => numbers.get(id);
}

async function recordOf(
  { client }: Opening,
  { listed, purpose }: { readonly listed: readonly ListedDocument[]; readonly purpose: Purpose },
  read: (reading: DocumentReading) => Promise<GrantedReading>,
): Promise<OpenedRecord> {
  const { documents, unreadable, releaseIds } = await readDocuments(listed, read);
  return { documents, unreadable, purpose, openedAt: client.now(), releaseIds, labels: labelsOf(documents) };
}

/** By area the commonest label: one document in the wrong place must not decide for all that follow. */
function labelsOf(seen: readonly { readonly compartment: string; readonly label: string }[]): ReadonlyMap<string, string> {
  const byArea = Map.groupBy(seen, ({ compartment }) => compartment);
  return new Map([...byArea].map(([area, ofArea]) => [area, commonest(ofArea.map(({ label }) => label))]));
}

function commonest(labels: readonly string[]): string {
  const counts = [...Map.groupBy(labels, (label) => label)].map(([label, same]) => ({ label, count: same.length }));
  return counts.toSorted((a, b) => b.count - a.count)[0]!.label;
}
