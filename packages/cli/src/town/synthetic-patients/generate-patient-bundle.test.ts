import { canonicalText, checkBundle, compareBundles, mergeDocuments, readJson, splitBundle, writeJson } from "@galen/gateway";
import { describe, expect, test } from "vitest";
import { generatePatientBundle } from "./generate-patient-bundle.ts";

const town = Array.from({ length: 30 }, (_, index) => generatePatientBundle({ seed: "sample-town", index }));
const checked = town.map((bundle, index) => checkBundle(readJson(writeJson(bundle), `patient-${index}.json`), `patient-${index}.json`));
const documents = await Promise.all(checked.map(splitBundle));

test("the same seed and index give the same bundle, another index or seed another", () => {
  const text = (seed: string, index: number) => canonicalText(generatePatientBundle({ seed, index }));
  expect(text("sample-town", 3)).toBe(text("sample-town", 3));
  expect(new Set([text("sample-town", 3), text("sample-town", 4), text("other", 3)]).size).toBe(3);
});

describe("thirty patients", () => {
  test("have three to fifteen encounters each, over more than one year", () => {
    for (const { entries } of checked) {
      const days = entries.filter(({ type }) => type === "Encounter").map(({ resource }) => JSON.stringify(resource.period).slice(10, 14));
      expect(days.length).toBeGreaterThanOrEqual(3);
      expect(days.length).toBeLessThanOrEqual(15);
      expect(new Set(days).size).toBeGreaterThan(1);
    }
  });

  test("have different names and identifiers", () => {
    const patients = checked.map(({ entries, patient }) => entries[patient]?.resource);
    expect(new Set(patients.map((patient) => JSON.stringify(patient?.name))).size).toBe(30);
    expect(new Set(patients.map((patient) => JSON.stringify(patient?.id))).size).toBe(30);
  });

  test("have all kinds of resources among them", () => {
    const types = new Set(checked.flatMap(({ entries }) => entries.map(({ type }) => type)));
    const wanted = [
      "AllergyIntolerance",
      "CarePlan",
      "Claim",
      "Condition",
      "DiagnosticReport",
      "Encounter",
      "ExplanationOfBenefit",
      "Goal",
    ];
    const more = [
      "ImagingStudy",
      "Immunization",
      "MedicationRequest",
      "Observation",
      "Organization",
      "Patient",
      "Practitioner",
      "Procedure",
    ];
    expect([...types].sort()).toEqual([...wanted, ...more]);
  });

  test("fill the compartments that a reader may be kept out of", () => {
    const compartments = new Set(documents.flat().map(({ facts }) => facts.compartment));
    expect([...compartments].sort()).toEqual(["general", "home", "imaging", "laboratory", "mental-health"]);
  });

  test("refer to nothing outside their bundle", () => {
    expect(checked.flatMap(({ danglingReferences }) => danglingReferences)).toEqual([]);
  });

  test("come back equal from their documents", () => {
    const comparisons = checked.map(({ bundle }, index) =>
      compareBundles(bundle, mergeDocuments(documents[index]?.map((document) => document.bundle) ?? [])),
    );
    expect(comparisons.flatMap(({ differences }) => differences)).toEqual([]);
    expect(comparisons.every(({ resources, equal }) => resources === equal)).toBe(true);
  });
});
