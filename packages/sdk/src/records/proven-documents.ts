import type { Document } from "@galen/ledger/modules/records/schema";
import { documents } from "@galen/ledger/modules/records/state";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { readProvenList } from "../proofs/read-proven.ts";

/** Who filed a document, for whom, when and about what. */
export type FiledFacts = Document;

/** Records that a node proves at once. */
const PROVEN_AT_ONCE = 128;

/** What the ledger has of documents, each proven, in the order of the ids. Rejects with GalenError client/UnknownObject, `proof/…`. */
export async function provenDocuments(client: Client, objectIds: readonly string[]): Promise<readonly FiledFacts[]> {
  const found: FiledFacts[] = [];
  for (let at = 0; at < objectIds.length; at += PROVEN_AT_ONCE) {
    const ids = objectIds.slice(at, at + PROVEN_AT_ONCE);
    const proven = await readProvenList(
      client,
      documents,
      ids.map((objectId) => [objectId] as const),
    );
    for (const [index, { value }] of proven.entries()) {
      if (!value) throw galenError(clientErrors.UnknownObject({ objectId: ids[index]! }));
      found.push(value);
    }
  }
  return found;
}
