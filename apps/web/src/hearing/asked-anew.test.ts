import { beforeEach, expect, it, vi } from "vitest";
import { queries } from "../frame/queries.ts";
import { askAnew } from "./asked-anew.ts";

beforeEach(() => {
  queries.clear();
  vi.useFakeTimers();
  for (const queryKey of [["own-grants", "a"], ["received-grants", "a"], ["own-chart", "a"], ["names"], ["network"], ["release-log", "a"]])
    queries.setQueryData(queryKey, queryKey);
  return () => void vi.useRealTimers();
});

/** What is old, and shown until what holds now is there. */
function changed(): readonly unknown[] {
  vi.runAllTimers();
  const all = queries.getQueryCache().getAll();
  return all.filter(({ state }) => state.isInvalidated && state.data !== undefined).map(({ queryKey }) => queryKey[0]);
}

it.each([
  ["release", ["own-grants", "release-log"]],
  ["grant", ["own-grants", "received-grants"]],
  ["document", ["own-chart"]],
  ["transaction", []],
  ["gap", ["own-grants", "received-grants", "own-chart", "release-log"]],
] as const)("has asked anew what a %s may have changed, and nothing else", (event, expected) => {
  askAnew({ event });
  expect(changed()).toEqual(expected);
});

it("answers several in one go", () => {
  const invalidate = vi.spyOn(queries, "invalidateQueries");
  for (let times = 0; times < 20; times++) askAnew({ event: "document" });
  expect(changed()).toEqual(["own-chart"]);
  expect(invalidate).toHaveBeenCalledTimes(1);
});
