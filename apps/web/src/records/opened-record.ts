import type { Grant } from "@galen/ledger/modules/vault/schema";
import type { Names } from "@galen/sdk/acts/say";
import type { Client } from "@galen/sdk/client/client";
import { type DocumentsOnFile, documentsOnFile } from "@galen/sdk/records/documents-on-file";
import { bestGrant, coveredBy, type KnownGrant } from "@galen/sdk/records/known-grants";
import type { ListedDocument } from "@galen/sdk/records/owned-documents";
import { type CommittedReason, commitReason, emergencyDocuments, readEmergency } from "@galen/sdk/records/read-emergency";
import { readGranted } from "@galen/sdk/records/read-granted";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { placesOf } from "./places.ts";
import { type OpenedDocuments, readDocuments } from "./read-documents.ts";

export type Purpose = Grant["purposes"][number];

export interface EmergencyUse {
  /** What the review will ask for. */
  readonly reason: CommittedReason;
  /** The documents that were asked for, or are open besides. */
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

/** One that was opened in an emergency. */
export type EmergencyRecord = OpenedRecord & Required<Pick<OpenedRecord, "emergency">>;

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
  const read = await readDocuments(listed, (reading) =>
    readGranted(client, { as: own, objectIds, purpose, grantId: grant.grantId, beforeSigning, ...reading }),
  );
  return { ...read, purpose, openedAt: client.now(), labels: placesOf(read.documents, known) };
}

/** Opens in an emergency what the patient lets be opened then. Rejects like `openGranted`, with release/EmergencyNotAllowed besides. */
export async function openInEmergency(opening: Opening, reason: string): Promise<OpenedRecord> {
  const { client } = opening;
  const { read, known, emergency } = await openUse(opening, { reason: commitReason(client, reason), asked: new Set() });
  return { ...read, purpose: "ETREAT", openedAt: client.now(), labels: placesOf(read.documents, known), emergency };
}

/**
 * Opens the newest of the documents that the uses before had no room for, in a further one for the same reason. Gives what lays them into the record as it is by
 * then. Rejects likewise.
 */
export async function openOlder(
  opening: Opening,
  before: EmergencyRecord,
): Promise<(now: OpenedRecord | undefined) => OpenedRecord | undefined> {
  const { reason, asked } = before.emergency;
  // What the reader has filed since is open as well.
  const without = new Set([...asked, ...before.documents.map(({ objectId }) => objectId)]);
  const use = await openUse(opening, { reason, asked: without });
  return (now) => withUse(now, before, use);
}

interface Use {
  readonly read: OpenedDocuments;
  readonly known: DocumentsOnFile["known"];
  readonly emergency: EmergencyUse;
}

async function openUse(opening: Opening, { reason, asked }: Pick<EmergencyUse, "reason" | "asked">): Promise<Use> {
  const { client, own, owner } = opening;
  const { objectIds, older, listed, known } = await emergencyDocuments(client, owner, { without: asked });
  if (objectIds.length === 0) throw new NothingToOpenError("nothing is on file");
  const beforeSigning = opening.ask(numberNames(opening, listed));
  const read = await readDocuments(listed, (reading) =>
    readEmergency(client, { as: own, objectIds, reasonHash: reason.reasonHash, beforeSigning, ...reading }),
  );
  return { read, known, emergency: { reason, asked: new Set([...asked, ...objectIds]), older } };
}

/** Lays a further use after `before` into the record as it is now: into none that was closed since, or opened anew. */
export function withUse(now: OpenedRecord | undefined, before: OpenedRecord, { read, known, emergency }: Use): OpenedRecord | undefined {
  if (now?.openedAt !== before.openedAt) return now;
  const isOpen = new Set(now.documents.map(({ objectId }) => objectId));
  const documents = [...now.documents, ...read.documents.filter(({ objectId }) => !isOpen.has(objectId))];
  const unreadable = [...now.unreadable, ...read.unreadable];
  const releaseIds = [...now.releaseIds, ...read.releaseIds];
  return { ...now, documents, unreadable, releaseIds, labels: placesOf(documents, known), emergency };
}

/** Lays a document that was filed into the record as it is now: more may have been opened since, this among it. */
export function withDocument(now: OpenedRecord | undefined, document: OpenedRecord["documents"][number]): OpenedRecord | undefined {
  return now && { ...now, documents: [document, ...now.documents.filter(({ objectId }) => objectId !== document.objectId)] };
}

function numberNames({ numberName }: Opening, listed: readonly ListedDocument[]): Names {
  const numbers = new Map(listed.map(({ objectId, number }) => [objectId, numberName(number + 1)]));
  return (id) => numbers.get(id);
}
