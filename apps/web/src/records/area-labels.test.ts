import { describe, expect, it } from "vitest";
import { joinAreaLabels, labelsOf, learnedAreaLabels } from "./area-labels.ts";

const of = (label: string | undefined, compartment: "general" | "mental-health" | "another") => ({
  compartment,
  ...(label !== undefined && { label }),
});

describe("labels that are learned from documents", () => {
  it.each([
    ["nothing open", [], []],
    ["one area", [of("a", "general")], [["general", ["a"]]]],
    ["the label of most", [of("a", "general"), of("b", "general"), of("b", "general")], [["general", ["b"]]]],
    ["none where areas are mixed", [of("a", "mental-health"), of("a", "general")], []],
    ["none of an area that is unknown", [of("a", "another")], []],
    ["none without a label", [of(undefined, "general")], []],
  ] as const)("%s", (_, documents, expected) => {
    expect([...learnedAreaLabels(documents)]).toEqual(expected);
  });
});

it("joins the labels of two keys", () => {
  const joined = joinAreaLabels(
    new Map([["general", ["new"]]]),
    new Map([
      ["general", ["old"]],
      ["genetics", ["old g"]],
    ]),
  );
  expect(labelsOf(joined, ["general"])).toEqual(["new", "old"]);
  expect(labelsOf(joined, ["genetics", "home"])).toEqual(["old g"]);
});
