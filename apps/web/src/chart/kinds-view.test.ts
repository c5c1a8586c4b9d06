import { expect, it } from "vitest";
import { readChart } from "./chart.ts";
import { kinds } from "./kinds-view.tsx";

it("lists every kind of finding, also what is over", () => {
  const { documents: _, ...findings } = readChart([]);
  expect(kinds.toSorted()).toEqual(Object.keys(findings).toSorted());
});
