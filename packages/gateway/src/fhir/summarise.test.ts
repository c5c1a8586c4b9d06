import { expect, test } from "vitest";
import { checkBundle } from "./bundle.ts";
import { exactNumber, type JsonObject } from "./json-value.ts";
import { splitBundle } from "./split.ts";
import { summariseDocument, summariseResource } from "./summarise.ts";
import { entry, sampleBundle, to } from "./testing/sample-bundle.ts";

const concept = (text: string): JsonObject => ({ text });
const bundle = (...entries: JsonObject[]): JsonObject => ({ resourceType: "Bundle", type: "collection", entry: entries });

test("a visit in plain words", () => {
  const pressure = (name: string, value: number): JsonObject => ({ code: concept(name), valueQuantity: { value, unit: "mm[Hg]" } });
  const document = bundle(
    entry("Encounter", "e", {
      class: { code: "AMB" },
      type: [concept("Check up")],
      reasonCode: [concept("Cough")],
      period: { start: "2020-05-01T10:00:00Z" },
    }),
    entry("Condition", "c", { code: concept("Bronchitis"), onsetDateTime: "2020-04-28", clinicalStatus: { coding: [{ code: "active" }] } }),
    entry("Observation", "t", {
      code: concept("Temperature"),
      effectiveDateTime: "2020-05-01",
      valueQuantity: { value: exactNumber("38.20"), unit: "Cel" },
    }),
    entry("Observation", "w", { code: concept("Weight"), valueQuantity: { value: 70.123456, code: "kg" } }),
    entry("Observation", "p", { code: concept("Blood pressure"), component: [pressure("Systolic", 120), pressure("Diastolic", 80)] }),
    entry("Claim", "b", { type: concept("institutional"), total: { value: exactNumber("129.10"), currency: "USD" } }),
    entry("Flag", "f", {}),
  );
  expect(summariseDocument(document).split("\n")).toEqual([
    "Check up: Cough",
    "2020-05-01",
    "Encounter (1)",
    "  2020-05-01 · Check up · because of Cough · ambulatory",
    "Conditions (1)",
    "  2020-04-28 · Bronchitis · active",
    "Observations (3)",
    "  2020-05-01 · Temperature 38.20 Cel",
    "  Weight ≈70.12 kg",
    "  Systolic 120 mm[Hg], Diastolic 80 mm[Hg]",
    "Claims (1)",
    "  institutional · 129.10 USD",
    "Also: Flag 1",
  ]);
});

const found = (fields: JsonObject): JsonObject => ({ resourceType: "Observation", code: concept("Found"), ...fields });
const doubted = (code: string): JsonObject => ({
  ...{ resourceType: "Condition", code: concept("Stroke"), clinicalStatus: { coding: [{ code: "active" }] } },
  verificationStatus: { coding: [{ code }] },
});

test.each<readonly [told: string, resource: JsonObject]>([
  [
    "Peanut · high · Hives, Wheezing (severe) · Nausea · (mild)",
    {
      ...{ resourceType: "AllergyIntolerance", code: concept("Peanut"), criticality: "high" },
      reaction: [
        { manifestation: [concept("Hives"), concept("Wheezing")], severity: "severe" },
        { manifestation: [concept("Nausea")] },
        { severity: "mild" },
      ],
    },
  ],
  [
    "Father · Stroke · Diabetes",
    {
      resourceType: "FamilyMemberHistory",
      relationship: concept("Father"),
      condition: [{ code: concept("Stroke") }, { code: concept("Diabetes") }],
    },
  ],
  ["Found no", found({ valueBoolean: false })],
  [
    "Found 300 mg/dL (High)",
    found({ valueQuantity: { value: 300, unit: "mg/dL" }, interpretation: [{ coding: [{ code: "H", display: "High" }] }] }),
  ],
  [
    "Found 90 mg/dL",
    found({ valueQuantity: { value: 90, unit: "mg/dL" }, interpretation: [{ coding: [{ code: "N", display: "Normal" }] }] }),
  ],
  ["Found (Positive)", found({ interpretation: [{ text: "Positive" }] })],
  ["Found yes", found({ valueBoolean: true })],
  ["Found 2 /HPF – 5 /HPF", found({ valueRange: { low: { value: 2, unit: "/HPF" }, high: { value: 5, unit: "/HPF" } } })],
  ["Found ≤5 /HPF", found({ valueRange: { high: { value: 5, unit: "/HPF" } } })],
  ["Found ≥2 /HPF", found({ valueRange: { low: { value: 2, unit: "/HPF" } } })],
  ["Found 1 : 64", found({ valueRatio: { numerator: { value: 1 }, denominator: { value: 64 } } })],
  ["Found 2020-02-03", found({ valueDateTime: "2020-02-03T10:00:00Z" })],
  ["Found 10:00:00", found({ valueTime: "10:00:00" })],
  ["Smoker no", { resourceType: "Observation", component: [{ code: concept("Smoker"), valueBoolean: false }] }],
  ["NOT CONFIRMED · Stroke · active", doubted("unconfirmed")],
  ["PROVISIONAL · Stroke · active", doubted("provisional")],
  ["ONE OF SEVERAL POSSIBILITIES · Stroke · active", doubted("differential")],
  ["Stroke · active", doubted("confirmed")],
  [
    "Now",
    {
      resourceType: "Patient",
      name: [
        { use: "maiden", family: "Born" },
        { use: "official", family: "Now" },
      ],
    },
  ],
])("tells %s", (told, resource) => {
  expect(summariseResource(resource)).toBe(told);
});

test("days and codes in the words of whoever asks", () => {
  const say = {
    day: (day: string) => `<${day}>`,
    code: (code: string) => code.toUpperCase(),
    born: (day: string) => `* ${day}`,
    because: (reason: string) => `for ${reason}`,
    unnamedMedicine: () => "?",
  };
  const visit = {
    resourceType: "Encounter",
    class: { code: "imp" },
    reasonCode: [concept("Cough")],
    period: { start: "2020-05-01T10:00:00Z" },
  };
  expect(summariseResource(visit, say)).toBe("<2020-05-01> · for Cough · IMP");
  expect(summariseResource({ resourceType: "Patient", gender: "female", birthDate: "1958" }, say)).toBe("FEMALE · * <1958>");
  const statuses = [{ clinicalStatus: { coding: [{ code: "active" }] } }, { status: "active" }].map((status) => [
    ...["Condition", "AllergyIntolerance", "MedicationRequest", "Immunization"].map((resourceType) =>
      summariseResource({ resourceType, ...status }, say),
    ),
  ]);
  expect(statuses).toEqual([
    ["ACTIVE", "ACTIVE", "?", ""],
    ["", "", "? · ACTIVE", "ACTIVE"],
  ]);
});

test("what was taken back is marked before all else, and stands nowhere", () => {
  const refuted = { verificationStatus: { coding: [{ code: "refuted" }] }, clinicalStatus: { coding: [{ code: "active" }] } };
  const document = bundle(
    entry("Composition", "x", { status: "entered-in-error", title: "Visit" }),
    entry("AllergyIntolerance", "a", { ...refuted, code: concept("Penicillin") }),
    entry("MedicationRequest", "m", { status: "entered-in-error", medicationCodeableConcept: concept("Amoxicillin") }),
    entry("Observation", "o", { status: "entered-in-error", code: concept("Potassium"), valueQuantity: { value: 9.9, unit: "mmol/L" } }),
    entry("Observation", "p", { status: "final", code: concept("Potassium"), valueQuantity: { value: 4.1, unit: "mmol/L" } }),
  );
  expect(summariseDocument(document).split("\n")).toEqual([
    "Visit",
    "RETRACTED: Composition 1",
    "Allergies (1)",
    "  RETRACTED (ruled out) · Penicillin",
    "Medication (1)",
    "  RETRACTED (entered in error) · Amoxicillin",
    "Observations (2)",
    "  RETRACTED (entered in error) · Potassium 9.9 mmol/L",
    "  Potassium 4.1 mmol/L",
    "Also: Composition 1",
  ]);
});

test("what has not happened is marked before all else, and so is what shall not", () => {
  const document = bundle(
    entry("Encounter", "e", { status: "cancelled", type: [concept("Check-up")] }),
    entry("Procedure", "p", { status: "not-done", code: concept("Appendectomy") }),
    entry("Procedure", "q", { status: "completed", code: concept("Suture") }),
    entry("MedicationRequest", "m", { status: "active", doNotPerform: true, medicationCodeableConcept: concept("Penicillin") }),
    entry("MedicationStatement", "s", { status: "not-taken", medicationCodeableConcept: concept("Aspirin") }),
    entry("MedicationDispense", "d", { status: "declined", medicationCodeableConcept: concept("Insulin") }),
    entry("Immunization", "i", { status: "not-done", vaccineCode: concept("Measles") }),
  );
  expect(summariseDocument(document).split("\n").slice(1)).toEqual([
    "Encounter (1)",
    "  CANCELLED · Check-up",
    "Procedures (2)",
    "  NOT DONE · Appendectomy",
    "  Suture",
    "Medication (1)",
    "  NOT TO BE GIVEN · Penicillin",
    "Medication taken (1)",
    "  NOT TAKEN · Aspirin",
    "Medication dispensed (1)",
    "  DECLINED · Insulin",
    "Immunisations (1)",
    "  NOT DONE · Measles",
  ]);
});

test("a medicine by reference is named, and one that leads nowhere is told as well", () => {
  const document = bundle(
    entry("Medication", "m", { code: concept("Amoxicillin 500 MG") }),
    entry("MedicationRequest", "r", { status: "active", medicationReference: to("m") }),
    entry("MedicationDispense", "d", { medicationReference: { reference: "Medication/elsewhere" } }),
    entry("MedicationAdministration", "a", { medicationReference: { reference: "Medication/elsewhere", display: "Ampicillin" } }),
  );
  expect(summariseDocument(document).split("\n").slice(1)).toEqual([
    "Medication (1)",
    "  Amoxicillin 500 MG · active",
    "Medication dispensed (1)",
    "  (medicine not named here)",
    "Medication given (1)",
    "  Ampicillin",
    "Also: Medication 1",
  ]);
});

const digits = [
  ["70.123456", "≈70.12"],
  ["-12.345678", "≈-12.35"],
  ["70.1234", "70.1234"],
  ["0.00450", "0.00450"],
  ["0.000045", "0.000045"],
  ["0.00451987", "≈0.00452"],
  ["-0.98765432", "≈-0.988"],
  ["0.00000", "0.00000"],
] as const;
test.each(digits)("of %s digits are shown as %s", (measured, shown) => {
  const value = { value: exactNumber(measured), comparator: "<", unit: "ug/mL" };
  expect(summariseResource({ resourceType: "Observation", code: concept("Troponin"), valueQuantity: value })).toBe(
    `Troponin <${shown} ug/mL`,
  );
});

test.each(["constructor", "toString", "__proto__"])("a type is counted that is called as every object calls something: %s", (type) => {
  expect(summariseDocument(bundle(entry(type, "a", {}), entry(type, "b", {})))).toBe(`General: ${type}\nAlso: ${type} 2`);
});

test("control characters of a file never reach the terminal", () => {
  const summary = summariseDocument(bundle(entry("Condition", "c", { code: concept("\u001b[31mred\u0007\r\nnew line \u202eturned") })));
  expect(summary).toContain("[31mred new line turned");
  expect(summary).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
});

test("one screen, whatever is in the document", async () => {
  const many = Array.from({ length: 300 }, (_, index) =>
    entry("Observation", `o${index}`, { encounter: to("visit"), code: concept("x".repeat(500)) }),
  );
  const others = [
    "Procedure",
    "Immunization",
    "Condition",
    "DiagnosticReport",
    "MedicationRequest",
    "AllergyIntolerance",
    "ImagingStudy",
    "Claim",
  ].flatMap((type) => Array.from({ length: 9 }, (_, index) => entry(type, `${type}${index}`, { encounter: to("visit") })));
  const sample = sampleBundle();
  const [, visit] = await splitBundle(checkBundle({ ...sample, entry: [...sample.entry, ...many, ...others] }, "f"));
  const lines = summariseDocument(visit?.bundle ?? {}).split("\n");
  expect(lines.length).toBe(40);
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
  expect(lines.at(-1)).toMatch(/^… \d+ more lines$/);
});

test("resources of unexpected shape are shown as far as they go", () => {
  expect(() =>
    summariseDocument(bundle({ resource: { resourceType: "Observation", code: 1, component: [null, "x"] } }, {}, { resource: [] })),
  ).not.toThrow();
});
