import type { Document } from "@galen/ledger/modules/records/schema";
import { documents } from "@galen/ledger/modules/records/state";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { readProvenList } from "../proofs/read-proven.ts";

/** Who filed a document, for whom, when and about what. */
export type FiledFacts = Document;

/** Records that a node proves at once. */
const PROVEN_AT_ONCE = 128;

/** What the ledger has of documents, each proven, in the order of the ids; undefined: it is proven that none is on file. Rejects with GalenError `proof/…`. */
export async function provenFilings(client: Client, objectIds: readonly string[]): Promise<readonly (FiledFacts | undefined)[]> {
  const found: (FiledFacts | undefined)[] = [];
  for (let at = 0; at < objectIds.length; at += PROVEN_AT_ONCE) {
    const keys = objectIds.slice(at, at + PROVEN_AT_ONCE).map((objectId) => [objectId] as const);
    found.push(...(await readProvenList(client, documents, keys)).map(({ value }) => value));
  }
  return found;
}

/** Like `provenFilings`, for documents that must be on file. Rejects with GalenError client/UnknownObject, `proof/…`. */
export async function provenDocuments(client: Client, objectIds: readonly string[]): Promise<readonly FiledFacts[]> {
  return (await provenFilings(client, objectIds)).map((filed, index) => {
    if (!filed) throw galenError(clientErrors.UnknownObject({ objectId: objectIds[index]! }));
    return filed;
  });
}
