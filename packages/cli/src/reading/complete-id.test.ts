import { expect, it } from "vitest";
import { beginsWith } from "./complete-id.ts";

it.each([
  ["ab", true],
  ["abcd", true],
  ["b", false],
  ["abcde", false],
  ["", false],
])("the id abcd begins with %j: %s", (start, expected) => {
  expect(beginsWith("abcd", start)).toBe(expected);
});
