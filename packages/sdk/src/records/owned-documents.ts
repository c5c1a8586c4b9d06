import { ofOwnerQuery } from "@galen/ledger/modules/records/queries";
import type { Document } from "@galen/ledger/modules/records/schema";
import { ofOwner } from "@galen/ledger/modules/records/state";
import type { Client } from "../client/client.ts";
import { galenError } from "../client/galen-error.ts";
import { queryOfKind } from "../client/query-kind.ts";
import { proofErrors } from "../proofs/proof-error.ts";
import { readProven } from "../proofs/read-proven.ts";
import { provenDocuments } from "./proven-documents.ts";
import { knownObjects } from "./sealed-object.ts";

export type ListedDocument = Document & { readonly objectId: string };

const PAGE = 100; // the most that one answer lists

/**
 * Ids that the node names as an owner's documents, newest first, each once: at least as many as are proven to be there. So when all of them prove to be the owner's
 * (`proveDocuments`), none is left out. Rejects with GalenError proof/EntryWithheld.
 */
export async function toldDocuments(client: Client, owner: string): Promise<readonly string[]> {
  const [{ value, height }, first] = await Promise.all([readProven(client, ofOwner.counts, owner), listOf(client, owner)]);
  const count = value?.count ?? 0;
  // What was filed between the two stands in the count alone. After the count, it only makes the list longer.
  const told = first.size < count ? await listOf(client, owner) : first;
  if (told.size < count) throw galenError(proofErrors.EntryWithheld({ key: ofOwner.counts.keyOf(owner), height, listed: told.size }));
  return [...told];
}

async function listOf(client: Client, owner: string): Promise<Set<string>> {
  const found = new Set<string>();
  for (let before = Infinity; before > 0; ) {
    const page = { owner, ...(before < Infinity && { before }), limit: PAGE };
    const { result } = await queryOfKind<{ documents: readonly ListedDocument[] }>(client, ofOwnerQuery, page);
    for (const { objectId } of result.documents) found.add(objectId);
    const last = result.documents.at(-1)?.number ?? 0;
    if (!(last < before)) break; // a list that does not run down would never end
    before = last;
  }
  return found;
}

/** What the ledger has of documents that are told as an owner's, newest first, proven. Rejects like `provenDocuments`, with proof/EntryWithheld where they are not that. */
export async function proveDocuments(client: Client, owner: string, told: readonly string[]): Promise<readonly ListedDocument[]> {
  const facts = await provenDocuments(client, told);
  const wrong = facts.findIndex(({ owner: of, number }, place) => of !== owner || number >= (facts[place - 1]?.number ?? Infinity));
  // Another's document stands where one of the owner's is missing, and one in the wrong place is not the newest that it is taken for.
  if (wrong !== -1) throw galenError(proofErrors.EntryWithheld({ key: ofOwner.counts.keyOf(owner), named: told[wrong]! }));
  return facts.map((document, place) => ({ objectId: told[place]!, ...document }));
}

/** The documents of an owner, newest first, each proven, and none left out. Rejects like `toldDocuments` and `proveDocuments`. */
export async function documentsOf(client: Client, owner: string): Promise<readonly ListedDocument[]> {
  return proveDocuments(client, owner, await toldDocuments(client, owner));
}

/** The documents of an owner that are not erased, oldest first. Rejects like `documentsOf`. */
export async function presentDocuments(client: Client, owner: string): Promise<readonly ListedDocument[]> {
  const told = await toldDocuments(client, owner);
  const [listed, known] = await Promise.all([proveDocuments(client, owner, told), knownObjects(client, told)]);
  return listed.filter((_, index) => known[index]!.erasedAt === undefined).toReversed();
}
