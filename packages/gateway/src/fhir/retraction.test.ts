import { expect, test } from "vitest";
import { isRetracted, standingResources } from "./retraction.ts";

const coded = (...codes: readonly string[]) => ({ coding: codes.map((code) => ({ code })) });
const cases = [
  ["an observation in error", { resourceType: "Observation", status: "entered-in-error" }, true],
  ["a final observation", { resourceType: "Observation", status: "final" }, false],
  ["an allergy in error", { resourceType: "AllergyIntolerance", verificationStatus: coded("entered-in-error") }, true],
  ["an allergy that was refuted", { resourceType: "AllergyIntolerance", verificationStatus: coded("local", "refuted") }, true],
  ["an allergy that nobody confirmed", { resourceType: "AllergyIntolerance", verificationStatus: coded("unconfirmed") }, false],
  ["an allergy without a word about it", { resourceType: "AllergyIntolerance" }, false],
  ["a file in error", { resourceType: "DocumentReference", status: "current", docStatus: "entered-in-error" }, true],
  ["a medicine that was stopped", { resourceType: "MedicationRequest", status: "stopped" }, false],
  ["a status of another shape", { resourceType: "MedicinalProductAuthorization", status: coded("active") }, false],
] as const;
test.each(cases)("%s: retracted or not", (_, resource, expected) => {
  expect(isRetracted(resource)).toBe(expected);
});

test("a document without its retracted entries; nothing of one that was retracted as a whole", () => {
  const documentOf = (...resources: readonly { readonly resourceType: string; readonly status: string }[]) => ({
    resourceType: "Bundle",
    entry: resources.map((resource) => ({ resource })),
  });
  const kept = { resourceType: "Observation", status: "final" };
  const inError = { resourceType: "Observation", status: "entered-in-error" };
  expect(standingResources(documentOf({ resourceType: "Composition", status: "final" }, kept, inError)).slice(1)).toEqual([kept]);
  expect(standingResources(documentOf({ resourceType: "Composition", status: "entered-in-error" }, kept))).toEqual([]);
});
