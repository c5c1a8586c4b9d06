import { expect, it } from "vitest";
import { isTooWide } from "./grant-terms.ts";

const labels = (count: number) => Array.from({ length: count }, (_, place) => place.toString(16).padStart(64, "0"));

it.each([
  ["areas under as many labels as can be named", "areas", 16, false],
  ["areas under one more", "areas", 17, true],
  ["everything, whatever it lies under", "everything", 17, false],
  ["nothing", "nothing", 17, false],
])("finds too wide: %s", (_, what, count, expected) => {
  expect(isTooWide({ what }, labels(count))).toBe(expected);
});
