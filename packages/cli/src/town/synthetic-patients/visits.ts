import type { JsonObject } from "@galen/gateway";
import {
  bloodPressure,
  type Coding,
  heartRate,
  type Illness,
  type Measure,
  panels,
  saturation,
  temperature,
  vaccines,
} from "./clinical-tables.ts";
import { addBloodPressure, addCare, addMeasurement, addResource, cvx, loinc, rxnorm, snomed, term, type Visit } from "./resources.ts";

/** Vital signs, sometimes a laboratory panel, sometimes a vaccination. */
export function checkUp(visit: Visit, weightKg: number): void {
  const weight: Measure = ["vital-signs", "29463-7", "Body weight", "kg", weightKg - 3, weightKg + 3, 1];
  for (const measure of [weight, heartRate, temperature]) addMeasurement(visit, measure);
  addBloodPressure(visit, bloodPressure);
  if (visit.random.chance(50)) addPanel(visit);
  if (visit.random.chance(70)) addVaccination(visit, visit.random.pick(vaccines));
}

/** Vital signs of a nurse's visit at home. */
export function measureAtHome(visit: Visit): void {
  for (const measure of [heartRate, saturation]) addMeasurement(visit, measure);
  addBloodPressure(visit, bloodPressure);
}

/** An illness that is found and treated. Returns the reference to the Condition. */
export function diagnose(visit: Visit, illness: Illness, clinicalStatus: "active" | "resolved"): JsonObject {
  const condition = addCare(visit, "Condition", {
    clinicalStatus: term("condition-clinical", clinicalStatus),
    verificationStatus: term("condition-ver-status", "confirmed"),
    category: [term("condition-category", "encounter-diagnosis")],
    code: snomed(illness.condition),
    onsetDateTime: visit.start,
    recordedDate: visit.start,
  });
  treat(visit, illness, condition);
  return condition;
}

/** Measures, procedure and prescription for an illness that is known. */
export function treat(visit: Visit, { measures, procedure, medication }: Illness, condition: JsonObject): void {
  for (const measure of measures) addMeasurement(visit, measure);
  const reasonReference = [condition];
  const performedPeriod = { start: visit.start, end: visit.end };
  if (procedure) addCare(visit, "Procedure", { status: "completed", code: snomed(procedure), performedPeriod, reasonReference });
  if (!medication) return;
  addCare(visit, "MedicationRequest", {
    status: "active",
    intent: "order",
    medicationCodeableConcept: rxnorm(medication),
    authoredOn: visit.start,
    requester: visit.doctor,
    reasonReference,
  });
}

/** The plan for a condition that stays, and its goal. */
export function addCarePlan(visit: Visit, { condition: [, name] }: Illness, condition: JsonObject): void {
  const startDate = visit.start.slice(0, 10);
  const addresses = [condition];
  const description = { text: `${name} under control` };
  const goal = addResource(visit, "Goal", { lifecycleStatus: "active", description, subject: visit.patient, startDate, addresses });
  addCare(visit, "CarePlan", { status: "active", intent: "order", period: { start: startDate }, addresses, goal: [goal] });
}

/** One laboratory panel with its report. */
export function addPanel(visit: Visit): void {
  const { coding, measures } = visit.random.pick(panels);
  const result = measures.map((measure) => addMeasurement(visit, measure));
  addReport(visit, "LAB", coding, { result });
}

/** An X-ray of the chest: study and report. */
export function takeXray(visit: Visit): void {
  const procedureCode = [snomed(["399208008", "Plain X-ray of chest"])];
  const study = addCare(visit, "ImagingStudy", {
    status: "available",
    started: visit.start,
    procedureCode,
    numberOfSeries: 1,
    numberOfInstances: 1,
  });
  addReport(visit, "RAD", ["36643-5", "XR Chest 2 Views"], { imagingStudy: [study], conclusion: "No acute finding." });
}

/** `section` is a code of HL7 v2 table 0074. */
function addReport(visit: Visit, section: "LAB" | "RAD", coding: Coding, elements: JsonObject): void {
  const times = { effectiveDateTime: visit.start, issued: visit.end };
  addCare(visit, "DiagnosticReport", { status: "final", category: [term("v2-0074", section)], code: loinc(coding), ...times, ...elements });
}

function addVaccination({ patient, ...visit }: Visit, coding: Coding): void {
  const { encounter, start: occurrenceDateTime } = visit;
  addResource(visit, "Immunization", {
    status: "completed",
    vaccineCode: cvx(coding),
    patient,
    encounter,
    occurrenceDateTime,
    primarySource: true,
  });
}
