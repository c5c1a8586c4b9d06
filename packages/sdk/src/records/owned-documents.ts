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

/** A document as a node names it: its number is its place among the owner's, from 0. */
export type ToldDocument = Pick<ListedDocument, "objectId" | "number">;

const PAGE = 100; // the most that one answer lists
/** More than anybody files for one owner after the state in which a node proves their count. */
const MAX_FILED_SINCE = 10_000;

/**
 * What the node names as an owner's documents, newest first, each once: numbered down to 0 without a gap, and at least as many as are proven to be there. So
 * when all of them prove to be the owner's and to have their numbers (`proveDocuments`), none is left out. Rejects with GalenError proof/EntryWithheld.
 */
export async function toldDocuments(client: Client, owner: string): Promise<readonly ToldDocument[]> {
  const [{ value, height }, newest] = await Promise.all([readProven(client, ofOwner.counts, owner), pageBefore(client, owner)]);
  const count = value?.count ?? 0;
  // What was filed between the two stands in the count alone. After the count, it only makes the list longer.
  const first = lengthBy(newest) < count ? await pageBefore(client, owner) : newest;
  const length = lengthBy(first);
  const told = length <= count + MAX_FILED_SINCE ? await toTheEnd(client, owner, first) : first;
  const isWhole =
    length >= count &&
    new Set(told.map(({ objectId }) => objectId)).size === length &&
    told.every(({ number }, place) => number === length - 1 - place);
  if (!isWhole) throw galenError(proofErrors.EntryWithheld({ key: ofOwner.counts.keyOf(owner), height, listed: told.length }));
  return told;
}

/** How long a list is, by the number of the newest in it. */
function lengthBy(newestFirst: readonly ToldDocument[]): number {
  return (newestFirst[0]?.number ?? -1) + 1;
}

/** A list as far as the node tells it in full pages: one that does not run down would never end. */
async function toTheEnd(client: Client, owner: string, first: readonly ToldDocument[]): Promise<readonly ToldDocument[]> {
  const told = [...first];
  for (let page = first, left = lengthBy(first) - PAGE; left > 0 && page.length === PAGE; left -= PAGE) {
    page = await pageBefore(client, owner, left);
    told.push(...page);
  }
  return told;
}

async function pageBefore(client: Client, owner: string, before?: number): Promise<readonly ToldDocument[]> {
  const page = { owner, ...(before !== undefined && { before }), limit: PAGE };
  const { result } = await queryOfKind<{ documents: readonly ListedDocument[] }>(client, ofOwnerQuery, page);
  return result.documents.map(({ objectId, number }) => ({ objectId, number }));
}

/** What the ledger has of documents that are told as an owner's, proven, in their order. Rejects like `provenDocuments`, with proof/EntryWithheld where they are not that. */
export async function proveDocuments(client: Client, owner: string, told: readonly ToldDocument[]): Promise<readonly ListedDocument[]> {
  const facts = await provenDocuments(
    client,
    told.map(({ objectId }) => objectId),
  );
  const wrong = facts.findIndex((document, place) => document.owner !== owner || document.number !== told[place]!.number);
  // Another's document, or one with another's number, stands where one of the owner's is missing.
  if (wrong !== -1) throw galenError(proofErrors.EntryWithheld({ key: ofOwner.counts.keyOf(owner), named: told[wrong]!.objectId }));
  return facts.map((document, place) => ({ objectId: told[place]!.objectId, ...document }));
}

/** The documents of an owner, newest first, each proven, and none left out. Rejects like `toldDocuments` and `proveDocuments`. */
export async function documentsOf(client: Client, owner: string): Promise<readonly ListedDocument[]> {
  return proveDocuments(client, owner, await toldDocuments(client, owner));
}

/** The documents of an owner that are not erased, oldest first. Rejects like `documentsOf`. */
export async function presentDocuments(client: Client, owner: string): Promise<readonly ListedDocument[]> {
  const told = await toldDocuments(client, owner);
  const objectIds = told.map(({ objectId }) => objectId);
  const [listed, known] = await Promise.all([proveDocuments(client, owner, told), knownObjects(client, objectIds)]);
  return listed.filter((_, index) => known[index]!.erasedAt === undefined).toReversed();
}
