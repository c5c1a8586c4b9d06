import { expect, test } from "vitest";
import { negationOf } from "./negation.ts";

test.each([
  ["a procedure that was not done", { resourceType: "Procedure", status: "not-done" }, "not-done"],
  ["a procedure that was", { resourceType: "Procedure", status: "completed" }, undefined],
  ["a medicine that nobody takes", { resourceType: "MedicationStatement", status: "not-taken" }, "not-taken"],
  ["a medicine that nobody fetched", { resourceType: "MedicationDispense", status: "declined" }, "declined"],
  ["a visit that did not take place", { resourceType: "Encounter", status: "cancelled" }, "cancelled"],
  ["an order to leave something", { resourceType: "MedicationRequest", status: "active", doNotPerform: true }, "do-not-perform"],
  ["an order", { resourceType: "MedicationRequest", status: "active", doNotPerform: false }, undefined],
  ["a word in place of a truth value", { resourceType: "MedicationRequest", status: "active", doNotPerform: "true" }, undefined],
  ["an allergy, which has no status", { resourceType: "AllergyIntolerance" }, undefined],
] as const)("%s", (_, resource, expected) => {
  expect(negationOf(resource)).toBe(expected);
});
