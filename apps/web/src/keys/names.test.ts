import { expect, it } from "vitest";
import { callInActs, type Names } from "./names.ts";

const HOSPITAL = "aa".repeat(32);
const names: Names = new Map([[HOSPITAL, { name: "Sampleton General Hospital" }]]);

it.each([
  ["somebody known", HOSPITAL, "Sampleton General Hospital"],
  ["nobody that is known", "cc".repeat(32), undefined],
])("calls %s in acts", (_, account, expected) => {
  expect(callInActs(names)(account)).toBe(expected);
});
