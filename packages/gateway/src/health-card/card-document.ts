import { instantText } from "../fhir/dates.ts";
import type { JsonObject } from "../fhir/json-value.ts";
import { type Authorship, composeDocument, logicalReference } from "../fhir/written-document.ts";

/** Media type of card files, from the specification of SMART Health Cards. */
export const CARD_TYPE = "application/smart-health-card";
const TITLE = "SMART Health Card";

/** LOINC 82593-5, "Immunization summary report". */
const IMMUNIZATIONS = { coding: [{ system: "http://loinc.org", code: "82593-5", display: "Immunization summary report" }] };

/** A card as a document of a record: the organisation that issued it files it, so that the patient can show it. */
export function cardDocument(jws: string, authorship: Authorship): JsonObject {
  const { writtenAt, author, organisation, patient } = authorship;
  const file = JSON.stringify({ verifiableCredential: [jws] });
  const resource = {
    resourceType: "DocumentReference",
    status: "current",
    docStatus: "final",
    type: IMMUNIZATIONS,
    subject: logicalReference("Patient", { account: patient }),
    date: instantText(writtenAt),
    author: [logicalReference("Organization", organisation ?? author)],
    content: [{ attachment: { contentType: CARD_TYPE, data: btoa(file), title: TITLE } }],
  };
  return composeDocument(authorship, { title: TITLE, type: IMMUNIZATIONS, resource });
}
