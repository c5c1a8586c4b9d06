import { resourcesOf } from "../fhir/document-facts.ts";
import { type JsonObject, objectAt, objectsAt, textAt } from "../fhir/json-value.ts";

/** What the documents of a record have for a card. */
export interface CardContents {
  /** Whom they name, each once: more than one is a question for whoever issues. */
  readonly patients: readonly JsonObject[];
  /** Completed immunizations, the newest first, what says the same once. */
  readonly immunizations: readonly JsonObject[];
}

/** Gathers what can go on a card from the documents of one owner. */
export function cardContents(documents: readonly JsonObject[]): CardContents {
  const resources = documents.flatMap(resourcesOf);
  const ofType = (type: string) => resources.filter((resource) => textAt(resource, "resourceType") === type);
  const completed = ofType("Immunization").filter((one) => textAt(one, "status") === "completed" && codesOf(one) !== "");
  return {
    patients: distinct(
      ofType("Patient").filter((patient) => objectsAt(patient, "name").length > 0),
      identityOf,
    ),
    immunizations: distinct(completed, (one) => `${codesOf(one)} ${dayOf(one)} ${textAt(one, "lotNumber") ?? ""}`).toSorted((a, b) =>
      dayOf(a) < dayOf(b) ? 1 : -1,
    ),
  };
}

/** Name and day of birth, which is what a card compares with an identity card. */
function identityOf(patient: JsonObject): string {
  const { family, given } = objectsAt(patient, "name")[0]!;
  return JSON.stringify([family, given, patient.birthDate]);
}

function codesOf(immunization: JsonObject): string {
  return objectsAt(objectAt(immunization, "vaccineCode"), "coding")
    .map((coding) => `${textAt(coding, "system") ?? ""}|${textAt(coding, "code") ?? ""}`)
    .join();
}

function dayOf(immunization: JsonObject): string {
  return textAt(immunization, "occurrenceDateTime")?.slice(0, "2026-05-04".length) ?? "";
}

function distinct(resources: readonly JsonObject[], key: (resource: JsonObject) => string): readonly JsonObject[] {
  return [...new Map(resources.toReversed().map((resource) => [key(resource), resource])).values()].toReversed();
}
