import { describe, expect, test } from "vitest";
import { COMPARTMENTS, type Compartment, suggestCompartment } from "./compartment.ts";
import type { JsonObject } from "./json-value.ts";
import { securityLabelOf } from "./sensitive-codes.ts";

const coded = (resourceType: string, system: string, code: string): JsonObject => ({ resourceType, code: { coding: [{ system, code }] } });
const inCategory = (resourceType: string, code: string): JsonObject => ({ resourceType, category: [{ coding: [{ code }] }] });
const snomed = "http://snomed.info/sct";
const icd10 = "http://hl7.org/fhir/sid/icd-10-cm";
const icd9 = "http://hl7.org/fhir/sid/icd-9-cm";
const visit = { resourceType: "Encounter", class: { code: "AMB" } };
const pills = { resourceType: "MedicationRequest" };
const labReport = inCategory("DiagnosticReport", "LAB");

const cases: readonly (readonly [name: string, compartment: Compartment, resources: readonly JsonObject[]])[] = [
  ["nothing but the visit and its bill", "general", [visit, { resourceType: "Claim" }]],
  ["a condition and pills", "general", [visit, coded("Condition", snomed, "38341003"), pills]],
  [
    "pills only, with patient, doctor and bill",
    "medication",
    [visit, pills, { resourceType: "Claim" }, { resourceType: "Practitioner" }, { resourceType: "Patient" }],
  ],
  [
    "laboratory values and their report",
    "laboratory",
    [visit, inCategory("Observation", "laboratory"), labReport, { resourceType: "Specimen" }],
  ],
  ["an X-ray with its report", "imaging", [visit, { resourceType: "ImagingStudy" }, inCategory("DiagnosticReport", "RAD")]],
  ["laboratory values and an X-ray", "general", [labReport, { resourceType: "ImagingStudy" }]],
  ["readings of a device", "home", [{ resourceType: "Device" }, { resourceType: "Observation", device: { reference: "Device/1" } }]],
  ["a visit at home", "home", [{ resourceType: "Encounter", class: { code: "HH" } }, pills]],
  ["vital signs", "general", [visit, inCategory("Observation", "vital-signs")]],
  ["depression by SNOMED CT", "mental-health", [visit, coded("Condition", snomed, "370143000"), pills]],
  ["depression by ICD-10", "mental-health", [coded("Condition", icd10, "F32.1")]],
  ["depression by ICD-10-CM, called by its OID", "mental-health", [coded("Condition", "urn:oid:2.16.840.1.113883.6.90", "F32.9")]],
  ["depression by the German ICD-10", "mental-health", [coded("Condition", "http://fhir.de/CodeSystem/bfarm/icd-10-gm", "F32.1")]],
  ["depression by SNOMED CT, called by its OID", "mental-health", [coded("Condition", "urn:oid:2.16.840.1.113883.6.96", "370143000")]],
  ["depression by ICD-9-CM", "mental-health", [coded("Condition", icd9, "296.20")]],
  ["HIV by ICD-9-CM", "sexual-health", [coded("Condition", icd9, "042")]],
  ["a cut through the windpipe by ICD-9-CM", "general", [coded("Procedure", icd9, "31.1")]],
  ["a procedure of ICD-10-PCS", "general", [coded("Procedure", "urn:oid:2.16.840.1.113883.6.4", "F13ZCZZ")]],
  ["alcohol by ICD-10, before depression", "substance-use", [coded("Condition", icd10, "F32.1"), coded("Condition", icd10, "F10.20")]],
  [
    "HIV in the diagnosis of a claim",
    "sexual-health",
    [visit, { resourceType: "Claim", diagnosis: [{ diagnosisCodeableConcept: { coding: [{ system: icd10, code: "B20" }] } }] }],
  ],
  ["a genetic report", "genetics", [coded("Observation", "http://loinc.org", "69548-6")]],
  ["a sequence", "genetics", [{ resourceType: "MolecularSequence" }]],
  [
    "a security label under its address of before R4",
    "mental-health",
    [{ ...pills, meta: { security: [{ system: "http://hl7.org/fhir/v3/ActCode", code: "PSY" }] } }],
  ],
  [
    "a security label of the source",
    "mental-health",
    [{ ...pills, meta: { security: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "PSY" }] } }],
  ],
  [
    "a signature under a prescription",
    "medication",
    [{ resourceType: "Composition" }, { resourceType: "Provenance", target: [{ reference: "urn:uuid:1", type: "MedicationRequest" }] }],
  ],
  ["a signature under something that it does not tell", "general", [{ resourceType: "Provenance", target: [{ reference: "urn:uuid:1" }] }]],
  [
    "laboratory values beside a signature under a prescription",
    "laboratory",
    [labReport, { resourceType: "Provenance", target: [{ reference: "urn:uuid:1", type: "MedicationRequest" }] }],
  ],
  ["the same code in another system", "general", [coded("Condition", "urn:local", "F32.1")]],
];

describe("suggests", () => {
  test.each(cases)("%s: %s", (_name, compartment, resources) => {
    expect(suggestCompartment(resources)).toBe(compartment);
  });
});

test("every compartment is suggested by some case", () => {
  expect(COMPARTMENTS.filter((compartment) => !cases.some(([, own]) => own === compartment))).toEqual([]);
});

test("a label of somebody's own says nothing of sensitivity, whatever it is called", () => {
  expect(["genetics", "general", "constructor"].map((label) => securityLabelOf(label)?.display)).toEqual([
    "genetic disease information sensitivity",
    undefined,
    undefined,
  ]);
  expect(securityLabelOf("constructor")).toBeUndefined();
});
