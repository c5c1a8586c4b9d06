import { outsideBytes } from "@galen/ledger/testing/outside-data";
import { describe, expect, test } from "vitest";
import { hasFormat, type Primitive } from "./primitives.ts";

const cases = [
  ["id", ["a", "A-1.b", "x".repeat(64)], ["", "a b", "ü", "x".repeat(65), "a/b", "a\n"]],
  ["uri", ["urn:uuid:1", "resource:0", "Patient/1"], ["", " ", "a b", "a\n"]],
  ["code", ["final", "entered in error"], ["", " final", "final ", "two  spaces"]],
  ["date", ["2020", "2020-02", "2020-02-29"], ["2019-02-29", "2020-13", "2020-1-1", "0000", "20200229", "2020-04-31"]],
  ["dateTime", ["2020", "2020-02-29T23:59:60.5+14:00"], ["2020-02-29T10:00:00", "2020-02-29T24:00:00Z", "2020-02-30T10:00:00Z"]],
  ["instant", ["2020-02-29T10:00:00Z"], ["2020-02-29", "2019-02-29T10:00:00Z"]],
] as const satisfies readonly (readonly [Primitive, readonly string[], readonly string[]])[];

test.each(cases)("%s", (primitive, good, bad) => {
  expect(good.filter((text) => !hasFormat(primitive, text))).toEqual([]);
  expect(bad.filter((text) => hasFormat(primitive, text))).toEqual([]);
});

const outside = (["date", "instant"] as const).flatMap((primitive) =>
  ([true, false] as const).flatMap((valid) => {
    const bytes = outsideBytes(`fhir/primitive-values/${primitive}.${valid ? "valid" : "invalid"}.ndjson`);
    const values: unknown[] =
      bytes === undefined
        ? []
        : new TextDecoder()
            .decode(bytes)
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line));
    return values.filter((value) => typeof value === "string").map((value) => ({ primitive, value, valid }));
  }),
);

describe.skipIf(outside.length === 0)(`primitive values of others, ${outside.length} texts`, () => {
  test.each(outside)("$primitive $value is valid: $valid", ({ primitive, value, valid }) => {
    expect(hasFormat(primitive, value)).toBe(valid);
  });
});
