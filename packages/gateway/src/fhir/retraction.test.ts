import { expect, test } from "vitest";
import { isDocumentRetracted, isRetracted, standingResources } from "./retraction.ts";

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

function documentOf(...resources: readonly { readonly resourceType: string; readonly status: string }[]) {
  return { resourceType: "Bundle", entry: resources.map((resource) => ({ resource })) };
}

test("a document without its retracted entries; nothing of one that was retracted as a whole", () => {
  const kept = { resourceType: "Observation", status: "final" };
  const inError = { resourceType: "Observation", status: "entered-in-error" };
  expect(standingResources(documentOf({ resourceType: "Composition", status: "final" }, kept, inError)).slice(1)).toEqual([kept]);
  expect(standingResources(documentOf({ resourceType: "Composition", status: "entered-in-error" }, kept))).toEqual([]);
});

test.each([
  ["whose Composition was taken back", ["entered-in-error", "final"], true],
  ["of which every entry was", ["final", "entered-in-error", "entered-in-error"], true],
  ["of which one entry stands", ["final", "entered-in-error", "final"], false],
  ["that stands", ["final", "final"], false],
  ["that is nothing but its frame", ["final"], false],
] as const)("a document %s: retracted or not", (_, [composition, ...observations], expected) => {
  const entries = observations.map((status) => ({ resourceType: "Observation", status }));
  expect(isDocumentRetracted(documentOf({ resourceType: "Composition", status: composition }, ...entries))).toBe(expected);
});

test("an empty document was not taken back", () => {
  expect(isDocumentRetracted(documentOf())).toBe(false);
});
