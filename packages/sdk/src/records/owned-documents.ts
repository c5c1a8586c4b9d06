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
  const [{ value, height }, first] = await Promise.all([readProven(client, ofOwner.counts, owner), listOf(client, owner)]);
  const count = value?.count ?? 0;
  // What was filed between the two stands in the count alone. After the count, it only makes the list longer.
  const found = distinct(first) < count ? await listOf(client, owner) : first;
  const listed = distinct(found);
  if (listed < count) throw galenError(proofErrors.EntryWithheld({ key: ofOwner.counts.keyOf(owner), height, listed }));
  return found;
}

async function listOf(client: Client, owner: string): Promise<readonly ListedDocument[]> {
  const found: ListedDocument[] = [];
  for (let before: number | undefined; before !== 0; before = found.at(-1)?.number ?? 0) {
    const page = { owner, before, limit: PAGE };
    const { result } = await queryOfKind<{ documents: readonly ListedDocument[] }>(client, ofOwnerQuery, page);
    found.push(...result.documents);
  }
  return found;
}

function distinct(documents: readonly ListedDocument[]): number {
  return new Set(documents.map(({ objectId }) => objectId)).size;
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
