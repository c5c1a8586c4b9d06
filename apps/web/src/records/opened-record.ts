import type { Grant } from "@galen/ledger/modules/vault/schema";
import type { Names } from "@galen/sdk/acts/say";
import type { Client } from "@galen/sdk/client/client";
import { type DocumentsOnFile, documentsOnFile } from "@galen/sdk/records/documents-on-file";
import { bestGrant, coveredBy, type KnownGrant } from "@galen/sdk/records/known-grants";
import type { ListedDocument } from "@galen/sdk/records/owned-documents";
import { type CommittedReason, commitReason, emergencyDocuments, readEmergency } from "@galen/sdk/records/read-emergency";
import { type GrantedReading, readGranted } from "@galen/sdk/records/read-granted";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { placesOf } from "./places.ts";
import { type DocumentReading, type OpenedDocuments, readDocuments } from "./read-documents.ts";

export type Purpose = Grant["purposes"][number];

export interface EmergencyUse {
  /** What the review will ask for. */
  readonly reason: CommittedReason;
  /** The documents that were asked for. */
  readonly asked: ReadonlySet<string>;
  /** How many older documents one use had no room for. */
  readonly older: number;
}

/** A patient's record as it was opened in this tab. It leaves with the tab. */
export interface OpenedRecord {
  readonly documents: OpenedDocuments["documents"];
  /** The label of each document that was released and does not open. */
  readonly unreadable: readonly string[];
  readonly purpose: Purpose;
  readonly openedAt: number;
  /** Entries in the patient's log. */
  readonly releaseIds: readonly string[];
  /** Of a reading in an emergency. */
  readonly emergency?: EmergencyUse;
  /** By area the label under which more of it may be filed (`placesOf`). */
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
  const { listed, known } = await documentsOnFile(client, owner);
  const objectIds = coveredBy(grant, known).map(({ objectId }) => objectId);
  if (objectIds.length === 0) throw new NothingToOpenError("nothing is covered");
  const beforeSigning = opening.ask(numberNames(opening, listed));
  return recordOf(opening, { listed, known, purpose }, (reading) =>
    readGranted(client, { as: own, objectIds, purpose, grantId: grant.grantId, beforeSigning, ...reading }),
  );
}

/** Opens in an emergency what the patient lets be opened then. Rejects like `openGranted`, with release/EmergencyNotAllowed besides. */
export function openInEmergency(opening: Opening, reason: string): Promise<OpenedRecord> {
  return openUse(opening, { reason: commitReason(opening.client, reason), asked: new Set() });
}

/**
 * Opens the newest of the documents that the uses before had no room for, in a further one for the same reason, and lays them into what is open of the record by
 * then. Rejects likewise.
 */
export function openOlder(opening: Opening, before: EmergencyUse, opened: () => OpenedRecord | undefined): Promise<OpenedRecord> {
  return openUse(opening, before, opened);
}

async function openUse(
  opening: Opening,
  { reason, asked }: Pick<EmergencyUse, "reason" | "asked">,
  opened?: () => OpenedRecord | undefined,
): Promise<OpenedRecord> {
  const { client, own, owner } = opening;
  // What the reader has filed since is open as well.
  const without = new Set([...asked, ...(opened?.()?.documents ?? []).map(({ objectId }) => objectId)]);
  const { objectIds, older, listed, known } = await emergencyDocuments(client, owner, { without });
  if (objectIds.length === 0) throw new NothingToOpenError("nothing is on file");
  const beforeSigning = opening.ask(numberNames(opening, listed));
  const record = await recordOf(opening, { listed, known, purpose: "ETREAT", opened }, (reading) =>
    readEmergency(client, { as: own, objectIds, reasonHash: reason.reasonHash, beforeSigning, ...reading }),
  );
  return { ...record, emergency: { reason, asked: new Set([...asked, ...objectIds]), older } };
}

function numberNames({ numberName }: Opening, listed: readonly ListedDocument[]): Names {
  const numbers = new Map(listed.map(({ objectId, number }) => [objectId, numberName(number + 1)]));
  return (id) => numbers.get(id);
}

interface Reading extends DocumentsOnFile {
  readonly purpose: Purpose;
  /** What is open already when the reading has ended. */
  readonly opened?: (() => OpenedRecord | undefined) | undefined;
}

async function recordOf(
  { client }: Opening,
  { listed, known, purpose, opened }: Reading,
  read: (reading: DocumentReading) => Promise<GrantedReading>,
): Promise<OpenedRecord> {
  const further = await readDocuments(listed, read);
  const before = opened?.();
  const documents = [...(before?.documents ?? []), ...further.documents];
  return {
    documents,
    unreadable: [...(before?.unreadable ?? []), ...further.unreadable],
    purpose,
    openedAt: before?.openedAt ?? client.now(),
    releaseIds: [...(before?.releaseIds ?? []), ...further.releaseIds],
    labels: placesOf(documents, known),
  };
}
