import { expect, it } from "vitest";
import { nextOf } from "./use-now.ts";

it.each([
  ["of none", [], undefined],
  ["of those that are past", [1, 10], undefined],
  ["of those to come, the first", [30, 1, 20, 40], 20],
])("finds the next moment %s", (_, moments, next) => {
  expect(nextOf(moments, 10)).toBe(next);
});
