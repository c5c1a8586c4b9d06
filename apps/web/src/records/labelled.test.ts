import { labelsOf } from "@galen/gateway/reading/compartment-labels";
import { expect, it } from "vitest";
import type { ChartDocument } from "../chart/chart.ts";
import { labelledBy } from "./labelled.ts";

const author = "a1".repeat(32);
const filed = (label?: string): ChartDocument => {
  const facts = { objectId: "1", title: "", day: undefined, compartment: "general", author: "ann", content: {} } as const;
  return { ...facts, ...(label !== undefined && { label }) };
};

it.each([
  ["where all under it opens", { documents: [filed(author)], unreadable: [] }, [author]],
  ["unless something under it does not open", { documents: [filed(author)], unreadable: [author] }, []],
  ["not of a document whose label was not asked for", { documents: [filed()], unreadable: [] }, []],
  ["not where nothing is open", {}, []],
])("an area has the label of an author %s", (_, opened, labels) => {
  expect(labelsOf(["general"], labelledBy(new Map(), opened))).toEqual(labels);
});
