import type { Client } from "../client/client.ts";
import { documentsOf, type ListedDocument } from "./owned-documents.ts";
import { type KnownObject, knownObjects } from "./sealed-object.ts";

/** What is on file for an owner, newest first: who filed it, and where it lies. */
export interface DocumentsOnFile {
  readonly listed: readonly ListedDocument[];
  readonly known: readonly KnownObject[];
}

/** All documents of an owner, with the objects that they are, erased ones included. Rejects with GalenError. */
export async function documentsOnFile(client: Client, owner: string): Promise<DocumentsOnFile> {
  const listed = await documentsOf(client, owner);
  const objectIds = listed.map(({ objectId }) => objectId);
  return { listed, known: await knownObjects(client, objectIds) };
}
