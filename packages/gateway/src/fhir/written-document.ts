import { instantText } from "./dates.ts";
import type { JsonObject } from "./json-value.ts";

/** Where accounts of the ledger are identifiers. */
export const ACCOUNTS = "urn:galen:account";

/** An account with the name that goes into the document. */
interface Named {
  readonly account: string;
  readonly name: string;
}

/** Who writes for whom, and when. */
export interface Authorship {
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
  /** UUID of what is written, lower case. */
  readonly uuid: string;
  readonly author: Named;
  /** The house for which the author writes. */
  readonly organisation?: Named | undefined;
  /** Account of the patient. No name: the document lies among the patient's own. */
  readonly patient: string;
}

interface Written {
  readonly title: string;
  /** CodeableConcept of the Composition, by LOINC. */
  readonly type: JsonObject;
  /** The one resource to which the Composition leads. */
  readonly resource: JsonObject;
}

/**
 * What a clinician writes, as a FHIR document: a Composition (FHIR R4 documents.html) that leads to one resource. Patient, author and house are logical
 * references (references.html#logical), so that it can be merged into the patient's bundle without a second Patient.
 */
export function composeDocument(authorship: Authorship, { title, type, resource }: Written): JsonObject {
  const { writtenAt, uuid, author, organisation, patient } = authorship;
  const date = instantText(writtenAt);
  const reference = `urn:uuid:${uuid}`;
  const composition = {
    resourceType: "Composition",
    status: "final",
    type,
    subject: logicalReference("Patient", { account: patient }),
    date,
    author: [logicalReference("Practitioner", author)],
    title,
    ...(organisation && { custodian: logicalReference("Organization", organisation) }),
    section: [{ title, entry: [{ reference }] }],
  };
  return {
    resourceType: "Bundle",
    identifier: { system: "urn:ietf:rfc:3986", value: reference },
    type: "document",
    timestamp: date,
    entry: [{ resource: composition }, { fullUrl: reference, resource }],
  };
}

/** A reference to an account of the ledger. */
export function logicalReference(type: string, { account, name }: Omit<Named, "name"> & Partial<Named>): JsonObject {
  return { type, identifier: { system: ACCOUNTS, value: account }, ...(name === undefined ? {} : { display: name }) };
}
