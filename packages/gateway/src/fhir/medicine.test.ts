import { expect, test } from "vitest";
import type { JsonObject } from "./json-value.ts";
import { medicinesIn } from "./medicine.ts";
import { conceptText } from "./plain-text.ts";

const amoxicillin: JsonObject = { resourceType: "Medication", id: "m", code: { text: "Amoxicillin" } };
const byReference = (reference: string, more: JsonObject = {}): JsonObject => ({ medicationReference: { reference, ...more } });

const cases: readonly (readonly [string, request: JsonObject, others: readonly JsonObject[], expected: string | undefined])[] = [
  ["a concept", { medicationCodeableConcept: { text: "Ibuprofen" } }, [], "Ibuprofen"],
  ["a contained one", { ...byReference("#m"), contained: [amoxicillin] }, [], "Amoxicillin"],
  ["an entry by fullUrl", byReference("urn:uuid:m"), [{ fullUrl: "urn:uuid:m", resource: amoxicillin }], "Amoxicillin"],
  ["an entry by type and id", byReference("Medication/m"), [{ resource: amoxicillin }], "Amoxicillin"],
  [
    "an entry of the same server",
    byReference("Medication/m"),
    [
      { fullUrl: "https://b/Medication/m", resource: { ...amoxicillin, code: { text: "Ibuprofen" } } },
      { fullUrl: "https://a/Medication/m", resource: amoxicillin },
    ],
    "Amoxicillin",
  ],
  ["a version of an entry", byReference("Medication/m/_history/2"), [{ resource: amoxicillin }], "Amoxicillin"],
  [
    "what a pharmacy mixes",
    {
      ...byReference("#m"),
      contained: [
        {
          resourceType: "Medication",
          id: "m",
          ingredient: [{ itemCodeableConcept: { text: "Morphine" } }, { itemReference: { display: "Water" } }],
        },
      ],
    },
    [],
    "Morphine / Water",
  ],
  ["a reference that leads nowhere", byReference("Medication/elsewhere", { display: "Amoxicillin 500 mg" }), [], "Amoxicillin 500 mg"],
  [
    "a Medication without words",
    { ...byReference("#m", { display: "Ampicillin" }), contained: [{ resourceType: "Medication", id: "m" }] },
    [],
    "Ampicillin",
  ],
  [
    "an empty concept beside a reference",
    { ...byReference("Medication/m"), medicationCodeableConcept: {} },
    [{ resource: amoxicillin }],
    "Amoxicillin",
  ],
  ["something that is no Medication", byReference("Condition/m"), [{ resource: { ...amoxicillin, resourceType: "Condition" } }], undefined],
  ["a reference that leads nowhere and says nothing", byReference("#m"), [{ resource: amoxicillin }], undefined],
  ["no medicine at all", {}, [], undefined],
];
test.each(cases)("the medicine of a resource: %s", (_, request, others, expected) => {
  const resource = { resourceType: "MedicationRequest", ...request };
  const bundle = { resourceType: "Bundle", entry: [{ fullUrl: "https://a/MedicationRequest/r", resource }, ...others] };
  const medicine = medicinesIn(bundle)(resource);
  expect(medicine && conceptText(medicine)).toBe(expected);
});
