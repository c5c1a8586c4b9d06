import type { Client } from "@galen/sdk/client/client";
import { type ListedDocument, proveDocuments, type ToldDocument, toldDocuments } from "@galen/sdk/records/owned-documents";
import { type OpenedObject, type ReadOwnOptions, readOwnEach } from "@galen/sdk/records/read-own";
import { type KnownObject, knownObjects } from "@galen/sdk/records/sealed-object";
import type { HeldAccount } from "@galen/sdk/transactions/own-account";
import type { Compartment } from "../fhir/compartment.ts";
import { type DocumentFacts, describeDocument } from "../fhir/document-facts.ts";
import { isObject, type JsonObject } from "../fhir/json-value.ts";
import { MAX_FILE_BYTES, readJson } from "../fhir/read-json.ts";
import { FhirRefusal } from "../fhir/refusal.ts";
import { ownCompartments } from "./compartment-labels.ts";

/** A FHIR document of an owner, opened. */
export interface OwnedRecord extends ListedDocument {
  /** The label under which the ledger has it. */
  readonly label: string;
  /** What the owner's own label stands for; under another, where the content belongs. */
  readonly compartment: Compartment;
  readonly content: JsonObject;
  readonly facts: DocumentFacts;
}

/** An object that does not open, or that opens to something else than a FHIR document, and why. */
export interface UnreadableRecord {
  readonly object: KnownObject;
  readonly error: Error;
}

/** Hears of what cannot be read; without it, one such object ends the reading of all. */
export type OnUnreadableRecord = (unreadable: UnreadableRecord) => void;

/**
 * All documents of an owner that are not erased, opened with the owner's own key, oldest first: no custodian is asked and nothing is logged. Rejects
 * with GalenError, and with SealError or FhirRefusal for what cannot be read, unless `onUnreadable` hears of it.
 */
export async function readAllOwned(client: Client, owner: HeldAccount, onUnreadable?: OnUnreadableRecord): Promise<readonly OwnedRecord[]> {
  return openListed(client, owner, { told: await toldDocuments(client, owner.account), onUnreadable });
}

/** What has changed among an owner's documents since some of them were opened. */
export interface OwnedChanges {
  /** Those that were not open, oldest first. */
  readonly added: readonly OwnedRecord[];
  /** Ids of those that were open and are erased. */
  readonly erased: ReadonlySet<string>;
}

/** As `readAllOwned`, for who has opened the documents of the ids `open` before: what is filed never changes, so only the others are fetched. */
export async function readOwnedChanges(
  client: Client,
  owner: HeldAccount,
  { open, onUnreadable }: { readonly open: readonly string[]; readonly onUnreadable?: OnUnreadableRecord },
): Promise<OwnedChanges> {
  const isOpen = new Set(open);
  const told = (await toldDocuments(client, owner.account)).filter(({ objectId }) => !isOpen.has(objectId));
  const [known, added] = await Promise.all([knownObjects(client, open), openListed(client, owner, { told, onUnreadable })]);
  return { added, erased: new Set(known.filter(({ erasedAt }) => erasedAt !== undefined).map(({ objectId }) => objectId)) };
}

interface Told {
  /** Newest first. */
  readonly told: readonly ToldDocument[];
  readonly onUnreadable: OnUnreadableRecord | undefined;
}

async function openListed(client: Client, owner: HeldAccount, { told, onUnreadable }: Told): Promise<readonly OwnedRecord[]> {
  const objectIds = told.map(({ objectId }) => objectId).toReversed();
  const reading = { as: owner, objectIds, withoutErased: true, onUnreadable };
  // Side by side: neither is given out before both hold.
  const [documents, opened] = await Promise.all([proveDocuments(client, owner.account, told), readOwnContents(client, reading)]);
  const listed = new Map(documents.map((document) => [document.objectId, document]));
  const own = ownCompartments(owner);
  return opened.map(({ object, content }) => {
    const label = object.policy.compartment;
    const facts = describeDocument(content);
    return { ...listed.get(object.objectId)!, content, facts, label, compartment: own.get(label) ?? facts.compartment };
  });
}

/** An object that was opened, and is a FHIR document. */
export interface OpenedContent {
  readonly object: KnownObject;
  readonly content: JsonObject;
}

interface ContentOptions extends Omit<ReadOwnOptions, "onUnreadable" | "maxSizeBytes"> {
  readonly onUnreadable?: OnUnreadableRecord | undefined;
}

/** The FHIR documents in objects of one's own. Rejects like `readOwn`, and with FhirRefusal for what is none, unless `onUnreadable` hears of it. */
export function readOwnContents(client: Client, options: ContentOptions): Promise<readonly OpenedContent[]> {
  return readOwnEach(client, { ...options, maxSizeBytes: MAX_FILE_BYTES }, (opened) =>
    contentUnlessUnreadable(opened, options.onUnreadable),
  );
}

/** The FHIR documents in opened objects. Throws FhirRefusal at the first that is none, unless `onUnreadable` hears of it. */
export function contentsOf(opened: readonly OpenedObject[], onUnreadable?: OnUnreadableRecord): readonly OpenedContent[] {
  return opened.map((one) => contentUnlessUnreadable(one, onUnreadable)).filter((one) => one !== undefined);
}

function contentUnlessUnreadable(opened: OpenedObject, onUnreadable: OnUnreadableRecord | undefined): OpenedContent | undefined {
  const { object } = opened;
  try {
    return { object, content: contentOf(opened) };
  } catch (error) {
    if (!onUnreadable || !(error instanceof FhirRefusal)) throw error;
    onUnreadable({ object, error });
    return undefined;
  }
}

/** Throws FhirRefusal for what is no FHIR document. */
function contentOf({ object, plaintext }: OpenedObject): JsonObject {
  const content = readJson(plaintext, object.objectId);
  if (!isObject(content) || content.resourceType !== "Bundle")
    throw new FhirRefusal("fhir/NotABundle", { file: object.objectId, path: "$" });
  return content;
}
