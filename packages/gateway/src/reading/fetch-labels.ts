import type { Client } from "@galen/sdk/client/client";
import { presentDocuments } from "@galen/sdk/records/owned-documents";
import { knownObjects } from "@galen/sdk/records/sealed-object";
import type { HeldAccount } from "@galen/sdk/transactions/own-account";
import type { Compartment } from "../fhir/compartment.ts";
import { describeDocument } from "../fhir/document-facts.ts";
import { labelsOf, ownCompartments } from "./compartment-labels.ts";
import { readOwnContents } from "./owned-records.ts";

/** The labels of compartments as they stand now; opens what lies under labels that are not the owner's. Rejects with GalenError. */
export async function fetchLabels(client: Client, owner: HeldAccount, compartments: readonly Compartment[]): Promise<readonly string[]> {
  const own = ownCompartments(owner);
  const listed = await presentDocuments(client, owner.account);
  const known = await knownObjects(
    client,
    listed.map(({ objectId }) => objectId),
  );
  const foreign = known.filter(({ policy }) => !own.has(policy.compartment)).map(({ objectId }) => objectId);
  const unreadable: string[] = [];
  const note = ({ object }: { readonly object: { readonly policy: { readonly compartment: string } } }) => {
    unreadable.push(object.policy.compartment);
  };
  const opened = foreign.length === 0 ? [] : await readOwnContents(client, { as: owner, objectIds: foreign, onUnreadable: note });
  const documents = opened.map(({ object, content }) => {
    return { label: object.policy.compartment, compartment: describeDocument(content).compartment };
  });
  return labelsOf(compartments, { own, documents, unreadable });
}
