import { describe, expect, it } from "vitest";
import { errors } from "../errors.ts";
import { beginsWith, completeId } from "./complete-id.ts";

it.each([
  ["ab", true],
  ["abcd", true],
  ["b", false],
  ["abcde", false],
  ["", false],
])("the id abcd begins with %j: %s", (start, expected) => {
  expect(beginsWith("abcd", start)).toBe(expected);
});

describe("of the ids aa1, aa2 and, twice, b1", () => {
  const complete = (start: string) => completeId(start, { ids: async () => ["aa1", "aa2", "b1", "b1"], unknown: errors.UnknownId });

  it.each([
    ["b", "b1"],
    ["aa2", "aa2"],
    ["0".repeat(64), "0".repeat(64)],
  ])("%j names %j", async (start, id) => {
    expect(await complete(start)).toBe(id);
  });

  it.each([
    ["a", "cli/AmbiguousId", { start: "a", ids: 2 }],
    ["c", "cli/UnknownId", { start: "c" }],
    ["", "cli/UnknownId", { start: "" }],
  ])("%j is refused with %s", async (start, id, details) => {
    await expect(complete(start)).rejects.toMatchObject({ kind: { id }, details });
  });
});
