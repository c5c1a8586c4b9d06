import { resourcesOf } from "./document-facts.ts";
import { type JsonObject, objectsAt, textAt } from "./json-value.ts";

/** `entered-in-error`: it was never so. `refuted`: it was thought to be so, and was found not to be. */
export type Retraction = "entered-in-error" | "refuted";

/**
 * How an entry was taken back, or undefined for one that stands. FHIR R4 tells it in `status`, of an allergy or a condition in `verificationStatus`; these
 * then have no `clinicalStatus` (ait-2, con-5), so that it must never be read from there.
 */
export function retractionOf(resource: JsonObject): Retraction | undefined {
  const codes = [textAt(resource, "status"), textAt(resource, "docStatus"), ...verificationCodes(resource)];
  if (codes.includes("entered-in-error")) return "entered-in-error";
  return codes.includes("refuted") ? "refuted" : undefined;
}

/** How sure its author is of a condition or an allergy. */
export function verificationCodes(resource: JsonObject): readonly (string | undefined)[] {
  const codings = objectsAt(resource, "verificationStatus").flatMap((concept) => objectsAt(concept, "coding"));
  return codings.map((coding) => textAt(coding, "code"));
}

/** Whether an entry was taken back: it may be shown as that, and counts for nothing. */
export function isRetracted(resource: JsonObject): boolean {
  return retractionOf(resource) !== undefined;
}

/** Whether nothing is left of what a document said, in whole or entry by entry. */
export function isDocumentRetracted(document: JsonObject): boolean {
  const standing = standingResources(document);
  return standing.every(isComposition) && standing.length < resourcesOf(document).length;
}

/** The resources of a document that were not taken back; none of a document whose Composition was (FHIR R4 composition.html: its status is the document's). */
export function standingResources(document: JsonObject): readonly JsonObject[] {
  const resources = resourcesOf(document);
  const isAllRetracted = resources.some((resource) => isComposition(resource) && isRetracted(resource));
  return isAllRetracted ? [] : resources.filter((resource) => !isRetracted(resource));
}

function isComposition(resource: JsonObject): boolean {
  return resource.resourceType === "Composition";
}
