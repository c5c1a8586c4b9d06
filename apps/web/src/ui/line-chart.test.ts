import { expect, it } from "vitest";
import { endsOf } from "./line-chart.tsx";

it.each([
  ["two small values", ["0.009", "0.014"], ["0.009", "0.014"]],
  ["one value", ["0.004"], ["0.004", "0.004"]],
  ["what could not be measured", ["<20", "35"], ["<20", "35"]],
  ["digits that were measured", ["5.0", "5.00", "7.10"], ["5.0", "7.10"]],
])("labels the axis of %s with the digits as they were measured", (_, measured, ends) => {
  const points = measured.map((digits, at) => ({ at, value: Number(digits.replace("<", "")), digits, label: "", valueLabel: digits }));
  const { low, high } = endsOf(points);
  expect([low.digits, high.digits]).toEqual(ends);
});
