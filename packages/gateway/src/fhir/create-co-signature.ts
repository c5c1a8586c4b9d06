import { readNote } from "./clinical-note.ts";
import { CONTENT_HASH, OBJECTS, type SignedDocument, targetsOf, VERIFICATION } from "./co-signature.ts";
import { contentHash } from "./content-hash.ts";
import { instantText } from "./dates.ts";
import { resourcesOf } from "./document-facts.ts";
import type { JsonObject } from "./json-value.ts";
import { isPrescription } from "./prescription.ts";
import { securityLabelOf } from "./sensitive-codes.ts";
import { type Authorship, composeDocument, logicalReference } from "./written-document.ts";

const VERIFIER = { system: "http://terminology.hl7.org/CodeSystem/provenance-participant-type", code: "verifier", display: "Verifier" };
const AUTHENTICATED = { system: "http://terminology.hl7.org/CodeSystem/v3-DocumentCompletion", code: "AU", display: "authenticated" };

export interface CoSignatureDraft extends Authorship {
  /** What such a document is called, in the words of the author's language. It does not repeat the title of what is signed, which may be erased one day. */
  readonly title: string;
  readonly signed: SignedDocument;
}

/**
 * Whether a document can be co-signed: a note or a prescription as a clinician writes it, whose Composition leads to one resource. What another system has put
 * together says by itself who has signed what of it.
 */
export function isCoSignable(document: JsonObject): boolean {
  const [composition, resource, ...others] = resourcesOf(document);
  if (document.type !== "document" || composition?.resourceType !== "Composition" || !resource || others.length > 0) return false;
  return targetsOf(document).length === 1 && (isPrescription(document) || readNote(resource) !== undefined);
}

/**
 * A colleague's signature under a document, as a FHIR document with one Provenance (FHIR R4 provenance.html, and its example "Provenance holding a
 * signature"). `Signature.data` stays empty: what is signed with a key is the transaction that files this.
 */
export async function createCoSignature({ title, signed, ...authorship }: CoSignatureDraft): Promise<JsonObject> {
  const { writtenAt, author, organisation } = authorship;
  const label = securityLabelOf(signed.compartment);
  const at = instantText(writtenAt);
  const who = {
    who: logicalReference("Practitioner", author),
    ...(organisation && { onBehalfOf: logicalReference("Organization", organisation) }),
  };
  const what = {
    extension: [{ url: CONTENT_HASH, valueString: await contentHash(signed.content) }],
    type: "Bundle",
    identifier: { system: OBJECTS, value: signed.objectId },
  };
  const provenance = {
    resourceType: "Provenance",
    ...(label && { meta: { security: [label] } }),
    target: targetsOf(signed.content),
    recorded: at,
    activity: { coding: [AUTHENTICATED] },
    agent: [{ type: { coding: [VERIFIER] }, ...who }],
    entity: [{ role: "source", what }],
    signature: [{ type: [VERIFICATION], when: at, ...who }],
  };
  return composeDocument(authorship, { title, type: { coding: [VERIFICATION] }, resource: provenance });
}
