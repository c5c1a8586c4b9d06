import { outsideBytes, outsideFiles } from "@galen/ledger/testing/outside-data";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalText, exactNumber, isExactNumber, isObject, type JsonValue, numberTextAt, objectsAt } from "./json-value.ts";
import { readJson } from "./read-json.ts";

test("an exact number is no object and keeps its digits", () => {
  const value = { plain: 1.5, exact: exactNumber("1.50") };
  expect(isExactNumber(value.exact)).toBe(true);
  expect(isObject(value.exact)).toBe(false);
  expect([numberTextAt(value, "plain"), numberTextAt(value, "exact"), numberTextAt(value, "none")]).toEqual(["1.5", "1.50", undefined]);
});

test("an object of a user that looks like an exact number is an object", () => {
  const value = readJson(new TextEncoder().encode('{"rawJSON":"1.10"}'), "f");
  expect(isObject(value)).toBe(true);
  expect(canonicalText(value)).toBe('{"rawJSON":"1.10"}');
});

test("a lone object counts as a list of one", () => {
  expect(objectsAt({ a: { b: 1 }, c: [{ d: 2 }, 3] }, "a")).toEqual([{ b: 1 }]);
  expect(objectsAt({ c: [{ d: 2 }, 3] }, "c")).toEqual([{ d: 2 }]);
});

test("canonical text sorts keys by UTF-16 code units and keeps the digits of numbers", () => {
  expect(canonicalText({ "\ufb33": 1, "\u{1f600}": 2, b: exactNumber("1.10"), a: [null, true] })).toBe(
    '{"a":[null,true],"b":1.10,"\u{1f600}":2,"\ufb33":1}',
  );
});

test("property: canonical text is RFC 8785 where numbers are written as RFC 8785 writes them", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const printed = JSON.parse(JSON.stringify(value)) as JsonValue;
      expect(canonicalText(printed)).toBe(canonicalize(printed));
    }),
  );
});

const inputs = outsideFiles("crypto/jcs-rfc8785/input");

describe.skipIf(inputs.length === 0)(`RFC 8785 vectors, ${inputs.length} files`, () => {
  test.each(inputs)("%s", (path) => {
    const input = JSON.parse(new TextDecoder().decode(outsideBytes(path))) as JsonValue;
    expect(canonicalText(input)).toBe(new TextDecoder().decode(outsideBytes(path.replace("/input/", "/output/"))).trim());
  });
});
