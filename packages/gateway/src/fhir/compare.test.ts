import { describe, expect, test } from "vitest";
import { compareBundles, type Difference } from "./compare.ts";
import { exactNumber, type JsonObject } from "./json-value.ts";
import { entry } from "./testing/sample-bundle.ts";

const bundle = (...entries: JsonObject[]): JsonObject => ({ resourceType: "Bundle", type: "collection", entry: entries });
const weight = (digits: string) => entry("Observation", "weight", { valueQuantity: { value: exactNumber(digits), unit: "kg" } });
const goal = entry("Goal", "goal", {});
const nameless = (note: string): JsonObject => ({ resource: { resourceType: "Basic", note } });
const before = bundle(weight("72.50"), goal, nameless("a"), nameless("a"));

const cases: readonly (readonly [name: string, after: JsonObject, equal: number, differences: readonly Difference[]])[] = [
  ["itself", before, 4, []],
  ["other requests and head", { ...bundle(...(before.entry as JsonObject[]).map((own) => ({ ...own, request: null }))), id: "x" }, 4, []],
  [
    "a digit less",
    bundle(weight("72.5"), goal, nameless("a"), nameless("a")),
    3,
    [{ kind: "changed", path: "$.entry[0].resource.valueQuantity.value" }],
  ],
  [
    "an element more",
    bundle(weight("72.50"), entry("Goal", "goal", { x: 1 }), nameless("a"), nameless("a")),
    3,
    [{ kind: "changed", path: "$.entry[1].resource.x" }],
  ],
  ["one missing", bundle(weight("72.50"), goal, nameless("a")), 3, [{ kind: "missing", path: "$.entry[3]" }]],
  ["one more", bundle(weight("72.50"), goal, nameless("a"), nameless("a"), nameless("a")), 4, [{ kind: "extra", path: "$.entry[4]" }]],
  ["another order", bundle(goal, weight("72.50"), nameless("a"), nameless("a")), 4, [{ kind: "moved", path: "$.entry[1]" }]],
  ["nothing", bundle(), 0, [0, 1, 2, 3].map((position) => ({ kind: "missing", path: `$.entry[${position}]` }))],
];

describe("compares with", () => {
  test.each(cases)("%s", (_name, after, equal, differences) => {
    expect(compareBundles(before, after)).toEqual({ resources: 4, equal, differences });
  });
});
