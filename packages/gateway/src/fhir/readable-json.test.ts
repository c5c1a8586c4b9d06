import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { exactNumber, type JsonObject } from "./json-value.ts";
import { writeReadable } from "./readable-json.ts";

const printed = (bundle: JsonObject) => Buffer.concat([...writeReadable(bundle)]).toString("utf8");

test("property: is what JSON.stringify prints", () => {
  const object = fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())));
  fc.assert(
    fc.property(object, (drawn) => {
      const bundle = JSON.parse(JSON.stringify(drawn)) as JsonObject;
      expect(printed(bundle)).toBe(JSON.stringify(bundle, null, 2));
    }),
  );
});

test("keeps the digits of numbers", () => {
  expect(printed({ entry: [{ value: exactNumber("1.10") }] })).toBe('{\n  "entry": [\n    {\n      "value": 1.10\n    }\n  ]\n}');
});

test("holds no more than one entry in a piece", () => {
  const entry = Array.from({ length: 3 }, (_, index) => ({ resource: { text: `${index}`.repeat(1_000) } }));
  for (const piece of writeReadable({ resourceType: "Bundle", entry })) expect(piece.length).toBeLessThan(1_100);
});

test("escapes what acts on a terminal, and says the same", () => {
  const bundle: JsonObject = {
    resourceType: "Bundle",
    "\u009b1m": "a\u009b31m\u007fb\u202e \u2028c\u{e0001}",
    entry: [{ text: "\u200b山" }],
  };
  const text = printed(bundle);
  expect(text).toMatch(/^[\n -~山]*$/);
  expect(JSON.parse(text)).toEqual(bundle);
});
