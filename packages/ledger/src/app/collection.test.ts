import { expect, test } from "vitest";
import { Integer } from "../schema/types.ts";
import { defineCollection, type KeyPart } from "./collection.ts";

const records = () => defineCollection<KeyPart[], ReturnType<typeof Integer>>("test/records", Integer(0, 9));

test("each key has its own place, whichever was asked for before", () => {
  const keys: KeyPart[][] = [["a"], ["a", "b"], ["ab"], ["a", 1], ["a", "1"], [1, "a"], [1], []];
  const collection = records();
  for (const first of keys) {
    for (const second of keys) {
      expect([collection.keyOf(...first), collection.keyOf(...second)]).toEqual([records().keyOf(...first), records().keyOf(...second)]);
    }
  }
  expect(new Set(keys.map((key) => collection.keyOf(...key))).size).toBe(keys.length);
});

test.each(["", "a/b", "ä", -1, 0.5])("%j is no part of a key, also right after one that is", (part) => {
  const collection = records();
  collection.keyOf("a");
  expect(() => collection.keyOf(part)).toThrow(RangeError);
  expect(() => collection.keyOf(part)).toThrow(RangeError);
});
