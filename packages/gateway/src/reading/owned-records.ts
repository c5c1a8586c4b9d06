import type { Client } from "@galen/sdk/client/client";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { type ListedDocument, presentDocuments } from "@galen/sdk/records/owned-documents";
import { type OpenedObject, readOwn } from "@galen/sdk/records/read-own";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { COMPARTMENTS } from "../fhir/compartment.ts";
import { type DocumentFacts, describeDocument } from "../fhir/document-facts.ts";
import type { JsonObject } from "../fhir/json-value.ts";
import { readJson } from "../fhir/read-json.ts";

/** A FHIR document of an owner, opened. */
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

/** The FHIR document in an opened object. Throws FhirRefusal for what is none. */
export function contentOf({ object, plaintext }: OpenedObject): JsonObject {
  return readJson(plaintext, object.objectId) as JsonObject;
}
