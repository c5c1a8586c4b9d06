import type { Compartment } from "@galen/gateway/fhir/compartment";
import type { KnownObject } from "@galen/sdk/records/sealed-object";
import { expect, it } from "vitest";
import { placesOf } from "./places.ts";

const [own, planted] = ["a1".repeat(32), "b2".repeat(32)];
const documents = (label: string, ...compartments: readonly Compartment[]) =>
  compartments.map((compartment, number) => ({ objectId: `${label}${number}`, label, compartment }));
const onFile = ({ objectId, label }: { readonly objectId: string; readonly label: string }, erasedAt?: number) =>
  ({ objectId, policy: { compartment: label }, ...(erasedAt !== undefined && { erasedAt }) }) as unknown as KnownObject;
const unopened = { objectId: "unopened", label: own };

it.each([
  ["where documents of the area lie", documents(own, "general", "general"), { general: own }],
  ["medication with the visits", documents(own, "general", "medication"), { general: own, medication: own }],
  ["the commonest of several", [...documents(planted, "general"), ...documents(own, "general", "general")], { general: own }],
  ["no label for a sensitive document under that of the visits", documents(own, "general", "mental-health"), {}],
  ["no label of an area under which another was planted, however many", documents(own, "laboratory", "laboratory", "general"), {}],
])("are %s", (_, opened, places) => {
  const found = placesOf(
    opened,
    opened.map((one) => onFile(one)),
  );
  expect(Object.fromEntries(found)).toEqual(places);
});

it("leave out a label under which something lies that was not opened, and is not erased", () => {
  const opened = documents(own, "general");
  const known = opened.map((one) => onFile(one));
  expect(placesOf(opened, [...known, onFile(unopened)]).size).toBe(0);
  expect(placesOf(opened, [...known, onFile(unopened, 1)]).get("general")).toBe(own);
});
