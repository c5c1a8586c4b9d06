import type { JsonObject, JsonValue } from "@galen/gateway";
import type { Coding, Measure } from "./clinical-tables.ts";
import type { Random } from "./random.ts";

/** What the resources of one patient have in common. */
export interface Chart {
  readonly random: Random;
  /** Reference to the Patient. */
  readonly patient: JsonObject;
  /** Entries so far, in the order of the bundle. */
  readonly entries: JsonObject[];
}

/** What the resources of one visit have in common: references, and times of start and end. */
export interface Visit extends Chart {
  readonly encounter: JsonObject;
  readonly doctor: JsonObject;
  readonly house: JsonObject;
  readonly start: string;
  readonly end: string;
}

/** Adds a resource and gives the reference to it; no id means a new one. */
export function addResource(
  chart: Omit<Chart, "patient">,
  resourceType: string,
  elements: JsonObject,
  id = chart.random.uuid(),
): JsonObject {
  const fullUrl = `urn:uuid:${id}`;
  chart.entries.push({ fullUrl, resource: { resourceType, id, ...elements }, request: { method: "POST", url: resourceType } });
  return { reference: fullUrl };
}

/** Adds a resource about the patient in this visit. */
export function addCare(visit: Visit, resourceType: string, elements: JsonObject): JsonObject {
  return addResource(visit, resourceType, { subject: visit.patient, encounter: visit.encounter, ...elements });
}

/** Adds an Observation of a quantity. */
export function addMeasurement(visit: Visit, measure: Measure): JsonObject {
  return addObservation(visit, measure[0], measured(visit, measure));
}

/** Adds the blood pressure, which is one Observation with two components (FHIR R4 vital signs profile `bp`). */
export function addBloodPressure(visit: Visit, parts: readonly Measure[]): void {
  const code = loinc(["85354-9", "Blood pressure panel with all children optional"]);
  addObservation(visit, "vital-signs", { code, component: parts.map((part) => measured(visit, part)) });
}

function addObservation(visit: Visit, category: string, elements: JsonObject): JsonObject {
  const categories = [term("observation-category", category)];
  return addCare(visit, "Observation", {
    status: "final",
    category: categories,
    effectiveDateTime: visit.start,
    issued: visit.end,
    ...elements,
  });
}

function measured({ random }: Visit, [, code, display, unit, min, max, digits]: Measure): JsonObject {
  const valueQuantity = { value: random.decimal(min, max, digits), unit, system: "http://unitsofmeasure.org", code: unit };
  return { code: loinc([code, display]), valueQuantity };
}

/** CodeableConcepts of one coding. */
export const snomed = (coding: Coding): JsonObject => concept("http://snomed.info/sct", coding);
export const loinc = (coding: Coding): JsonObject => concept("http://loinc.org", coding);
export const rxnorm = (coding: Coding): JsonObject => concept("http://www.nlm.nih.gov/research/umls/rxnorm", coding);
export const cvx = (coding: Coding): JsonObject => concept("http://hl7.org/fhir/sid/cvx", coding);

function concept(system: string, [code, display]: Coding): JsonObject {
  return { coding: [{ system, code, display }], text: display };
}

/** A CodeableConcept of one code of HL7's own code systems. */
export function term(system: string, code: string): JsonObject {
  return { coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }] };
}

/** US dollars. */
export function dollars(value: JsonValue): JsonObject {
  return { value, currency: "USD" };
}
