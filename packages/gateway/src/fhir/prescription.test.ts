import { describe, expect, it } from "vitest";
import { describeDocument, resourcesOf } from "./document-facts.ts";
import { type JsonObject, writeJson } from "./json-value.ts";
import { mergeDocuments } from "./merge.ts";
import { createPrescription, isPositiveDecimal, isPrescription, type PrescriptionDraft } from "./prescription.ts";
import { readJson } from "./read-json.ts";
import { summariseResource } from "./summarise.ts";
import { sampleBundle } from "./testing/sample-bundle.ts";

const draft: PrescriptionDraft = {
  medicine: "Ramipril 2.5 mg tablet",
  code: { system: "http://www.nlm.nih.gov/research/umls/rxnorm", code: "251856" },
  dose: "0.50",
  doseUnit: "{tablet}",
  unitName: "tablets",
  timesPerDay: 2,
  asNeeded: false,
  durationDays: 30,
  quantity: "30",
  instructions: "½ tablet twice a day for 30 days",
  note: "",
  writtenAt: Date.UTC(2026, 10, 26, 9, 30),
  uuid: "8d3a8a0e-9ed0-4d0b-a5a6-37b0f5b7a3c1",
  author: { account: "aa".repeat(32), name: "Dr. Ada Example" },
  patient: "bb".repeat(32),
};
const written = (change: Partial<PrescriptionDraft> = {}) =>
  readJson(writeJson(createPrescription({ ...draft, ...change })), "prescription") as JsonObject;
const requestIn = (bundle: JsonObject) => resourcesOf(bundle).find(({ resourceType }) => resourceType === "MedicationRequest")!;

describe("a prescription", () => {
  it("is known by what it says, and a visit with medication is none", () => {
    expect(isPrescription(written())).toBe(true);
    const visit = [{ resource: { resourceType: "Encounter" } }, { resource: requestIn(written()) }];
    expect(isPrescription({ resourceType: "Bundle", entry: visit })).toBe(false);
    expect(isPrescription({ resourceType: "Bundle", entry: [{ resource: { resourceType: "Composition" } }] })).toBe(false);
    expect(isPrescription({ resourceType: "Bundle", entry: [{ resource: requestIn(written()) }] })).toBe(true);
  });

  it("lies among the medication, under the name of the medicine", () => {
    const { title, period, compartment } = describeDocument(written());
    expect({ title, period, compartment }).toEqual({
      title: draft.medicine,
      period: { start: "2026-11-26", end: "2026-11-26" },
      compartment: "medication",
    });
    expect(summariseResource(requestIn(written({ note: "With food" })))).toBe(
      "2026-11-26 · Ramipril 2.5 mg tablet · ½ tablet twice a day for 30 days · 30 tablets · With food · active",
    );
  });

  it("tells dose, frequency, duration and quantity to programs, with the digits as written", () => {
    const days = { value: 30, unit: "d", system: "http://unitsofmeasure.org", code: "d" };
    const text = new TextDecoder().decode(writeJson(requestIn(written())));
    expect(text).toContain('"doseQuantity":{"value":0.50,"unit":"tablets","system":"http://unitsofmeasure.org","code":"{tablet}"}');
    expect(requestIn(written())).toMatchObject({
      status: "active",
      intent: "order",
      medicationCodeableConcept: { coding: [{ ...draft.code, display: draft.medicine }], text: draft.medicine },
      dosageInstruction: [{ timing: { repeat: { boundsDuration: days, frequency: 2, period: 1, periodUnit: "d" } } }],
      dispenseRequest: { quantity: { value: 30, code: "{tablet}" }, expectedSupplyDuration: days },
    });
  });

  it("leaves out what was not said", () => {
    const plain = requestIn(written({ code: undefined }));
    expect(plain.medicationCodeableConcept).toEqual({ text: draft.medicine });
    expect(plain).not.toHaveProperty("note");
    expect(requestIn(written({ note: "With food", asNeeded: true }))).toMatchObject({
      note: [{ text: "With food" }],
      dosageInstruction: [{ asNeededBoolean: true }],
    });
  });

  it("leaves a patient's merged bundle with its one Patient", () => {
    const merged = mergeDocuments([sampleBundle(), written()]);
    expect(resourcesOf(merged).filter(({ resourceType }) => resourceType === "Patient")).toHaveLength(1);
  });

  it.each([
    ["1", true],
    ["0.5", true],
    ["2.50", true],
    ["9999.9999", true],
    ["0", false],
    ["0.0", false],
    ["-1", false],
    ["01", false],
    ["1e3", false],
    ["10000", false],
    ["1.", false],
    [".5", false],
    ["1,5", false],
    ["½", false],
    ["", false],
    ["NaN", false],
  ])("takes %j for an amount: %s", (digits, isAmount) => {
    expect(isPositiveDecimal(digits)).toBe(isAmount);
    if (!isAmount) expect(() => createPrescription({ ...draft, dose: digits })).toThrow(RangeError);
    if (!isAmount) expect(() => createPrescription({ ...draft, quantity: digits })).toThrow(RangeError);
  });
});
