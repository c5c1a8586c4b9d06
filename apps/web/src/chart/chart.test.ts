import { exactNumber, type JsonObject } from "@galen/gateway";
import type { Doubt } from "@galen/gateway/fhir/doubt";
import type { Negation } from "@galen/gateway/fhir/negation";
import type { Retraction } from "@galen/gateway/fhir/retraction";
import { describe, expect, it } from "vitest";
import { conflictsBetween } from "./allergy-conflicts.ts";
import { type ChartDocument, type Finding, inForce, latestByName, readChart } from "./chart.ts";
import { knownMedicines } from "./known-medicines.ts";
import { measurementsIn, sideOf } from "./measurements.ts";
import { statusTexts } from "./status-texts.ts";

function documentOf(objectId: string, day: string, ...resources: readonly JsonObject[]): ChartDocument {
  const content = { resourceType: "Bundle", type: "collection", entry: resources.map((resource) => ({ resource })) };
  return { objectId, title: objectId, day, compartment: "general", author: "aa", content };
}

const glucose = (day: string, value: number, unit = "mg/dL", range: JsonObject = {}): JsonObject => ({
  resourceType: "Observation",
  code: { coding: [{ code: "2339-0" }], text: "Glucose [Mass/volume] in Blood" },
  effectiveDateTime: day,
  valueQuantity: { value, unit },
  ...range,
});

describe("the chart of opened documents", () => {
  it("puts findings under their kinds, newest first, each with its document", () => {
    const condition = (text: string, day: string): JsonObject => ({
      resourceType: "Condition",
      code: { text },
      clinicalStatus: { coding: [{ code: "active" }] },
      onsetDateTime: day,
    });
    const chart = readChart([
      documentOf("a", "2020-01-01", condition("old", "2020-01-01")),
      documentOf("b", "2024-05-05", condition("new", "2024-05-05")),
    ]);

    expect(chart.conditions.map(({ name, status, objectId }) => [name, status, objectId])).toEqual([
      ["new", "active", "b"],
      ["old", "active", "a"],
    ]);
    expect(chart.documents.map(({ objectId }) => objectId)).toEqual(["b", "a"]);
    expect(chart.allergies).toEqual([]);
  });

  it("makes a series of what was measured again, and another for another unit", () => {
    const range = { referenceRange: [{ low: { value: 70 }, high: { value: 99 } }] };
    const series = measurementsIn([
      documentOf("b", "2024-01-02", glucose("2024-01-02", 101, "mg/dL", range), glucose("2024-01-02", 5.6, "mmol/L")),
      documentOf("a", "2023-01-02", glucose("2023-01-02", 92)),
    ]);

    expect(series.map(({ name, unit, readings, normal }) => [name, unit, readings.map(({ value }) => value), normal])).toEqual([
      ["Glucose", "mg/dL", [92, 101], { low: 70, high: 99 }],
      ["Glucose", "mmol/L", [5.6], undefined],
    ]);
  });

  it("keeps the sign of what could not be measured", () => {
    const measured = (value: JsonObject, day = "2024-01-01") => glucose(day, 0, "mg/dL", { valueQuantity: { unit: "mg/dL", ...value } });
    const readings = (value: JsonObject) => measurementsIn([documentOf("a", "2024-01-01", measured(value))])[0]!.readings;
    expect(readings({ value: 20, comparator: "<" })).toMatchObject([{ digits: "<20", value: 20, comparator: "<" }]);
    expect(readings({ value: exactNumber("0.00450") })).toMatchObject([{ digits: "0.00450", value: 0.0045, comparator: undefined }]);
  });

  it("takes the latest of a day by its time, wherever it was written", () => {
    const hours = ["2024-01-01T20:00:00Z", "2024-01-01T23:00:00+08:00", "2024-01-01", "2024-01-01T23:59:60Z", "2024-01-01T08:00:00Z"];
    const [series] = measurementsIn([documentOf("a", "2024-01-01", ...hours.map((hour, index) => glucose(hour, index)))]);
    expect(series?.readings.map(({ value }) => hours[value])).toEqual([hours[2], hours[4], hours[1], hours[0], hours[3]]);

    const ordered = (status: string, authoredOn: string): JsonObject => ({
      resourceType: "MedicationRequest",
      status,
      authoredOn,
      medicationCodeableConcept: { text: "Amoxicillin" },
    });
    const visits = [ordered("active", "2024-01-01T08:00:00Z"), ordered("stopped", "2024-01-01T20:00:00Z")];
    expect(latestByName(readChart([documentOf("a", "2024-01-01", ...visits)]).medication)).toMatchObject([{ status: "stopped" }]);
  });

  it("takes blood pressure apart, and leaves what has no number or no day", () => {
    const pressure: JsonObject = {
      resourceType: "Observation",
      code: { text: "Blood pressure" },
      effectiveDateTime: "2024-01-01",
      component: [
        { code: { text: "Systolic" }, valueQuantity: { value: 120, unit: "mm[Hg]" } },
        { code: { text: "Diastolic" }, valueQuantity: { value: 80, unit: "mm[Hg]" } },
      ],
    };
    const { effectiveDateTime: _day, ...undated } = glucose("2024-01-01", 90);
    const series = measurementsIn([
      documentOf("a", "2024-01-01", pressure, undated, { resourceType: "Observation", code: { text: "Mood" } }),
    ]);

    expect(series.map(({ name, unit }) => `${name} ${unit}`)).toEqual(["Diastolic mmHg", "Systolic mmHg"]);
  });

  it("leaves out what was entered in error or ruled out, and all of a document that was", () => {
    const verified = (code: string): JsonObject => ({ verificationStatus: { coding: [{ code }] } });
    const all: readonly JsonObject[] = [
      { resourceType: "AllergyIntolerance", ...verified("entered-in-error"), code: { text: "Penicillin" } },
      { resourceType: "AllergyIntolerance", ...verified("refuted"), code: { text: "Penicillin" } },
      { resourceType: "Condition", ...verified("entered-in-error"), code: { text: "Asthma" } },
      { resourceType: "MedicationRequest", status: "entered-in-error", medicationCodeableConcept: { text: "Amoxicillin" } },
      { resourceType: "Immunization", status: "entered-in-error", vaccineCode: { text: "Influenza" } },
      glucose("2024-01-01", 900, "mg/dL", { status: "entered-in-error" }),
    ];
    const { documents, ...chart } = readChart([documentOf("a", "2024-01-01", ...all)]);
    expect(Object.values(chart).flat()).toEqual([]);
    expect(documents).toHaveLength(1);
    expect(measurementsIn(documents)).toEqual([]);
    expect([...knownMedicines(documents)]).toEqual([]);

    const composition = { resourceType: "Composition", status: "entered-in-error" };
    const asthma = { resourceType: "Condition", code: { text: "Asthma" } };
    const { documents: whole, conditions } = readChart([documentOf("a", "2024-01-01", composition, asthma, glucose("2024-01-01", 900))]);
    expect(conditions).toEqual([]);
    expect(measurementsIn(whole)).toEqual([]);
  });

  it("tells what has not happened as that, and counts on none of it", () => {
    const allergy = { resourceType: "AllergyIntolerance", code: { text: "Penicillin" } };
    const medicine = (resourceType: string, text: string, more: JsonObject): JsonObject => ({
      resourceType,
      medicationCodeableConcept: { text },
      ...more,
    });
    const { medication, procedures, vaccinations, allergies, documents } = readChart([
      documentOf(
        "a",
        "2024-01-01",
        allergy,
        medicine("MedicationRequest", "Amoxicillin", { status: "active", doNotPerform: true }),
        medicine("MedicationRequest", "Ampicillin", { status: "draft" }),
        medicine("MedicationStatement", "Oxacillin", { status: "not-taken" }),
        medicine("MedicationRequest", "Metformin", { status: "unknown" }),
        { resourceType: "Procedure", status: "not-done", code: { text: "Appendectomy" } },
        { resourceType: "Immunization", status: "not-done", vaccineCode: { text: "Measles" } },
        glucose("2024-01-01", 900, "mg/dL", { status: "cancelled" }),
      ),
    ]);

    expect([...procedures, ...vaccinations, ...medication].map(({ name, status }) => [name, status])).toEqual([
      ["Appendectomy", "not-done"],
      ["Measles", "not-done"],
      ["Amoxicillin", "do-not-perform"],
      ["Ampicillin", "draft"],
      ["Oxacillin", "not-taken"],
      ["Metformin", "unknown"],
    ]);
    expect(inForce(medication).map(({ name }) => name)).toEqual(["Metformin"]);
    expect(conflictsBetween(allergies, medication)).toEqual([]);
    expect([...knownMedicines(documents).keys()]).toEqual(["Ampicillin", "Metformin"]);
    expect(measurementsIn(documents)).toEqual([]);
  });

  it("keeps an allergy that says of no status, and one that is confirmed", () => {
    const allergy = (text: string, more: JsonObject): JsonObject => ({ resourceType: "AllergyIntolerance", code: { text }, ...more });
    const confirmed = { verificationStatus: { coding: [{ code: "confirmed" }] } };
    const amoxicillin = { resourceType: "MedicationRequest", status: "active", medicationCodeableConcept: { text: "Amoxicillin" } };
    const chart = readChart([documentOf("a", "2024-01-01", allergy("Penicillin", {}), allergy("Ampicillin", confirmed), amoxicillin)]);

    expect(conflictsBetween(chart.allergies, chart.medication)).toHaveLength(2);
  });

  it("names a medicine by reference, and has one that leads nowhere without a name", () => {
    const code = { coding: [{ system: "http://www.nlm.nih.gov/research/umls/rxnorm", code: "308191" }], text: "Amoxicillin 500 MG" };
    const ordered = (reference: JsonObject): JsonObject => ({
      resourceType: "MedicationRequest",
      status: "active",
      medicationReference: reference,
    });
    const document = documentOf(
      "a",
      "2024-01-01",
      { resourceType: "AllergyIntolerance", clinicalStatus: { coding: [{ code: "active" }] }, code: { text: "Penicillin" } },
      { ...ordered({ reference: "#m" }), contained: [{ resourceType: "Medication", id: "m", code: { text: "Ampicillin" } }] },
      { resourceType: "Medication", id: "m", code },
      ordered({ reference: "Medication/m" }),
      ordered({ reference: "Medication/elsewhere" }),
    );
    const { allergies, medication } = readChart([document]);

    expect(medication.map(({ name }) => name)).toEqual(["Ampicillin", "Amoxicillin 500 MG", ""]);
    expect(conflictsBetween(allergies, medication).map((conflict) => conflict.medication.name)).toEqual([
      "Ampicillin",
      "Amoxicillin 500 MG",
    ]);
    expect(knownMedicines([document]).get("Amoxicillin 500 MG")).toEqual(code.coding[0]);
  });

  it.each(["constructor", "toString", "__proto__"])("reads what others call as every object calls something: %s", (name) => {
    const document = documentOf("a", "2024-01-01", { resourceType: name }, glucose("2024-01-01", 92, name));
    expect(readChart([document]).conditions).toEqual([]);
    expect(measurementsIn([document]).map(({ unit }) => unit)).toEqual([name]);
  });

  it("tells what is only thought to be so as that, and counts on it", () => {
    const thought = (code: string): JsonObject => ({
      verificationStatus: { coding: [{ code }] },
      clinicalStatus: { coding: [{ code: "active" }] },
    });
    const all: readonly JsonObject[] = [
      { resourceType: "AllergyIntolerance", ...thought("unconfirmed"), code: { text: "Penicillin" } },
      { resourceType: "Condition", ...thought("provisional"), code: { text: "Pneumonia" } },
      { resourceType: "Condition", ...thought("confirmed"), code: { text: "Asthma" } },
      { resourceType: "MedicationRequest", status: "active", medicationCodeableConcept: { text: "Amoxicillin" } },
    ];
    const { allergies, conditions, medication } = readChart([documentOf("a", "2024-01-01", ...all)]);
    expect([...allergies, ...inForce(conditions)].map(({ name, doubt }) => [name, doubt])).toEqual([
      ["Penicillin", "unconfirmed"],
      ["Pneumonia", "provisional"],
      ["Asthma", undefined],
    ]);
    expect(conflictsBetween(allergies, medication)).toHaveLength(1);
  });

  it("has words for what was taken back, has not happened or is in doubt", () => {
    const told: readonly (Negation | Retraction | Doubt)[] = [
      "entered-in-error",
      "refuted",
      "not-done",
      "not-taken",
      "declined",
      "cancelled",
      "do-not-perform",
      "unconfirmed",
      "provisional",
      "differential",
    ];
    expect(statusTexts.keys).toEqual(expect.arrayContaining(told.map((code) => `status.${code}`)));
  });

  it("counts the same medicine once", () => {
    const finding = (name: string, day: string): Finding => ({
      name,
      day,
      status: "active",
      isNegated: false,
      doubt: undefined,
      detail: undefined,
      objectId: day,
    });
    expect(latestByName([finding("a", "3"), finding("b", "2"), finding("a", "1")]).map(({ day }) => day)).toEqual(["3", "2"]);
    expect(latestByName([finding("", "2"), finding("", "1")])).toHaveLength(2);
  });
});

describe("a reading beside what is normal", () => {
  const normal = { low: 10, high: 50 };
  const cases = [
    [60, undefined, "above"],
    [50, undefined, undefined],
    [5, undefined, "below"],
    [60, ">", "above"],
    [50, ">", "above"],
    [50, ">=", undefined],
    [5, ">", undefined],
    [10, "<", "below"],
    [10, "<=", undefined],
    [5, "<=", "below"],
    [60, "<", undefined],
  ] as const;
  it.each(cases)("%s with the sign %s is %s", (value, comparator, side) => {
    expect(sideOf({ day: "2024-01-01", at: 0, value, comparator, digits: "", objectId: "a" }, normal)).toBe(side);
  });
});

describe("allergies and medication", () => {
  const cases = [
    ["the substance itself", "Allergy to penicillin", "active", "penicillin V potassium 250 MG Oral Tablet", "active", 1],
    ["a substance of the same group", "Allergy to penicillin", "active", "Amoxicillin 500 MG", "active", 1],
    ["a status that is not told", "Penicillin", undefined, "Amoxicillin 500 MG", undefined, 1],
    ["another group", "Allergy to penicillin", "active", "ibuprofen 200 MG", "active", 0],
    ["an allergy that is over", "Allergy to penicillin", "resolved", "Amoxicillin 500 MG", "active", 0],
    ["a word of status that is not known here", "Allergy to penicillin", "unknown", "Amoxicillin 500 MG", "intended", 1],
    ["a medicine that was stopped", "Allergy to penicillin", "active", "Amoxicillin 500 MG", "stopped", 0],
    ["no medicine at all", "House dust mite allergy", "active", "ibuprofen 200 MG", "active", 0],
    ["words in Chinese", "青霉素过敏", "active", "阿莫西林胶囊", "active", 1],
  ] as const;
  it.each(cases)("are compared: %s", (_, allergy, allergyStatus, medicine, medicineStatus, conflicts) => {
    const finding = (name: string, status: string | undefined): Finding => ({
      name,
      status,
      isNegated: false,
      doubt: undefined,
      day: undefined,
      detail: undefined,
      objectId: "a",
    });
    expect(conflictsBetween([finding(allergy, allergyStatus)], [finding(medicine, medicineStatus)])).toHaveLength(conflicts);
  });
});
