import { COMPARTMENTS, type DocumentFacts, describeDocument, type JsonObject, readJson } from "@galen/gateway";
import type { Document } from "@galen/ledger/modules/records/schema";
import { ofOwner } from "@galen/ledger/modules/records/state";
import type { Client } from "@galen/sdk/client/client";
import { galenError } from "@galen/sdk/client/galen-error";
import { query } from "@galen/sdk/client/query";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { proofErrors } from "@galen/sdk/proofs/proof-error";
import { readProven } from "@galen/sdk/proofs/read-proven";
import { type OpenedObject, readOwn } from "@galen/sdk/records/read-own";
import { knownObjects } from "@galen/sdk/records/sealed-object";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { errors } from "../errors.ts";

type ListedDocument = Document & { readonly objectId: string };

const PAGE = 100; // the most that one answer lists

/** The documents of an owner as the node lists them, newest first; that none is left out is proven. Rejects with GalenError proof/EntryWithheld. */
export async function documentsOf(client: Client, owner: string): Promise<readonly ListedDocument[]> {
  // The count first: what is filed meanwhile only makes the list longer.
  const { value, height } = await readProven(client, ofOwner.counts, owner);
  const found: ListedDocument[] = [];
  for (let before: number | undefined; before !== 0; before = found.at(-1)?.number ?? 0) {
    const { result } = await query<{ documents: readonly ListedDocument[] }>(client, "records.ofOwner", { owner, before, limit: PAGE });
    found.push(...result.documents);
  }
  const listed = new Set(found.map(({ objectId }) => objectId)).size;
  if (listed < (value?.count ?? 0)) throw galenError(proofErrors.EntryWithheld({ key: ofOwner.counts.keyOf(owner), height, listed }));
  return found;
}

export async function objectIdsOf(client: Client, owner: string): Promise<readonly string[]> {
  return (await documentsOf(client, owner)).map(({ objectId }) => objectId);
}

/** A document of the owner's, opened. */
export interface OwnedRecord extends ListedDocument {
  readonly compartment: string;
  readonly content: JsonObject;
  readonly facts: DocumentFacts;
}

/** All documents of an owner that are not erased, opened with the owner's own key, oldest first: no custodian is asked and nothing is logged. */
export async function readAllOwned(client: Client, owner: OwnAccount): Promise<readonly OwnedRecord[]> {
  const listed = await presentDocuments(client, owner.account);
  const opened = await readOwn(client, { as: owner, objectIds: listed.map(({ objectId }) => objectId) });
  const names = new Map(COMPARTMENTS.map((name) => [compartmentLabel(owner.keys.compartmentKey, name), name]));
  return listed.map((document, index) => {
    const { object } = opened[index]!;
    const content = contentOf(opened[index]!);
    return { ...document, content, facts: describeDocument(content), compartment: names.get(object.policy.compartment) ?? "another" };
  });
}

async function presentDocuments(client: Client, owner: string): Promise<readonly ListedDocument[]> {
  const listed = (await documentsOf(client, owner)).toReversed();
  const known = await knownObjects(
    client,
    listed.map(({ objectId }) => objectId),
  );
  return listed.filter((_, index) => known[index]!.erasedAt === undefined);
}

/** The FHIR document in an opened object. Throws FhirRefusal for what is none. */
export function contentOf({ object, plaintext }: OpenedObject): JsonObject {
  return readJson(plaintext, object.objectId) as JsonObject;
}

/** The one id that begins with what the user typed. Throws Refusal cli/UnknownRecord, cli/AmbiguousId. */
export async function completeRecordId(client: Client, { owner, start }: { owner: string; start: string }): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(start)) return start;
  const found = (await objectIdsOf(client, owner)).filter((objectId) => objectId.startsWith(start));
  if (found.length > 1) throw errors.AmbiguousId({ start, records: found.length });
  if (found[0] === undefined) throw errors.UnknownRecord({ start });
  return found[0];
}
