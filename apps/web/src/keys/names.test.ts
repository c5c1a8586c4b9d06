import { expect, it } from "vitest";
import { callInActs, type Names, newlyNamed } from "./names.ts";

const HOSPITAL = "aa".repeat(32);
const names: Names = new Map([[HOSPITAL, { name: "Sampleton General Hospital" }]]);

it.each([
  ["somebody known", HOSPITAL, "Sampleton General Hospital"],
  ["nobody that is known", "cc".repeat(32), undefined],
])("calls %s in acts", (_, account, expected) => {
  expect(callInActs(names)(account)).toBe(expected);
});

it.each([
  ["somebody new, by the name of the code", { account: "cc".repeat(32), name: "Ann" }, 1],
  ["nobody who has no name here", { account: "cc".repeat(32), name: "" }, 0],
  ["nobody who is known, whatever the code says", { account: HOSPITAL, name: "Ann" }, 0],
])("remembers %s", (_, person, count) => {
  expect(newlyNamed([person], names)).toHaveLength(count);
});
