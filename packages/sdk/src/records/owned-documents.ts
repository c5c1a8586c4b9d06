import { ofOwnerQuery } from "@galen/ledger/modules/records/queries";
import type { Document } from "@galen/ledger/modules/records/schema";
import { ofOwner } from "@galen/ledger/modules/records/state";
import type { Client } from "../client/client.ts";
import { galenError } from "../client/galen-error.ts";
import { queryOfKind } from "../client/query-kind.ts";
import { proofErrors } from "../proofs/proof-error.ts";
import { readProven } from "../proofs/read-proven.ts";
import { knownObjects } from "./sealed-object.ts";

export type ListedDocument = Document & { readonly objectId: string };

const PAGE = 100; // the most that one answer lists

/** The documents of an owner as the node lists them, newest first; that none is left out is proven. Rejects with GalenError proof/EntryWithheld. */
export async function documentsOf(client: Client, owner: string): Promise<readonly ListedDocument[]> {
  // The count first: what is filed meanwhile only makes the list longer.
  const { value, height } = await readProven(client, ofOwner.counts, owner);
  const found: ListedDocument[] = [];
  for (let before: number | undefined; before !== 0; before = found.at(-1)?.number ?? 0) {
    const page = { owner, before, limit: PAGE };
    const { result } = await queryOfKind<{ documents: readonly ListedDocument[] }>(client, ofOwnerQuery, page);
    found.push(...result.documents);
  }
  const listed = new Set(found.map(({ objectId }) => objectId)).size;
  if (listed < (value?.count ?? 0)) throw galenError(proofErrors.EntryWithheld({ key: ofOwner.counts.keyOf(owner), height, listed }));
  return found;
}

/** The documents of an owner that are not erased, oldest first. Rejects like `documentsOf`. */
export async function presentDocuments(client: Client, owner: string): Promise<readonly ListedDocument[]> {
  const listed = (await documentsOf(client, owner)).toReversed();
  const known = await knownObjects(
    client,
    listed.map(({ objectId }) => objectId),
  );
  return listed.filter((_, index) => known[index]!.erasedAt === undefined);
}
