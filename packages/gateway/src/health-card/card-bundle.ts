import { resourcesOf } from "../fhir/document-facts.ts";
import { type JsonObject, type JsonValue, objectAt, objectsAt, textAt } from "../fhir/json-value.ts";

/**
 * What goes on a card of a patient's record, as the specification asks: name and day of birth to compare with an identity card, and completed immunizations with
 * codes, day and lot; no display texts, no ids, references as `resource:0`. Undefined where the record has no Patient or nothing to put on a card.
 */
export function cardBundle(record: JsonObject): JsonObject | undefined {
  const resources = resourcesOf(record);
  const patient = resources.find((resource) => textAt(resource, "resourceType") === "Patient");
  const immunizations = resources.filter((one) => textAt(one, "resourceType") === "Immunization" && textAt(one, "status") === "completed");
  if (!patient || immunizations.length === 0) return undefined;
  const entries = [patientOnCard(patient), ...immunizations.map(immunizationOnCard)];
  return {
    resourceType: "Bundle",
    type: "collection",
    entry: entries.map((resource, index) => ({ fullUrl: `resource:${index}`, resource })),
  };
}

function patientOnCard(patient: JsonObject): JsonObject {
  const [name] = objectsAt(patient, "name");
  return defined({
    resourceType: "Patient",
    name: name && [defined({ family: name.family, given: name.given })],
    birthDate: patient.birthDate,
  });
}

function immunizationOnCard(immunization: JsonObject): JsonObject {
  const codes = objectsAt(objectAt(immunization, "vaccineCode"), "coding");
  return defined({
    resourceType: "Immunization",
    status: "completed",
    vaccineCode: { coding: codes.map(({ system, code }) => defined({ system, code })) },
    patient: { reference: "resource:0" },
    occurrenceDateTime: textAt(immunization, "occurrenceDateTime")?.slice(0, "2026-05-04".length),
    lotNumber: immunization.lotNumber,
  });
}

/** Without the fields that are not there. */
function defined(fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, JsonValue] => field[1] !== undefined));
}
