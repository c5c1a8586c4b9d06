import { Type } from "typebox";
import { expect, test } from "vitest";
import { SchemaError } from "../schema/schema-error.ts";
import { Integer } from "../schema/types.ts";
import type { StateWriter } from "../store/state-store.ts";
import { defineCollection, defineOrderedCollection, type KeyPart } from "./collection.ts";

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

test("a record that got a further field is written as it was under old rules, and read in both shapes", () => {
  const [first, last] = [Integer(0, 9), Type.Optional(Integer(0, 9))];
  const Former = Type.Object({ first, last });
  const Now = Type.Object({ first, between: last, last });
  let isOld = true;
  const grown = defineOrderedCollection<[string], typeof Now>("test/grown", Now, { schema: Former, isWritten: () => isOld });
  const before = defineOrderedCollection<[string], typeof Former>("test/grown", Former);
  const states = [new Map<string, Uint8Array>(), new Map<string, Uint8Array>()] as const;
  const [state, stateBefore] = states.map((entries) => ({
    get: (key: string) => entries.get(key),
    set: (key: string, value: Uint8Array) => void entries.set(key, value),
    delete: (key: string) => void entries.delete(key),
  })) as [StateWriter, StateWriter];

  grown.set({ state }, "a", { first: 1, last: 2 });
  before.set({ state: stateBefore }, "a", { first: 1, last: 2 });
  expect(states[0]).toEqual(states[1]);
  expect(() => grown.set({ state }, "b", { first: 1, between: 3 })).toThrow(SchemaError);
  isOld = false;
  grown.set({ state }, "b", { first: 1, between: 3 });
  expect([...grown.entries({ state }, { limit: 9 })].map(([, value]) => value)).toEqual([
    { first: 1, last: 2 },
    { first: 1, between: 3 },
  ]);
  grown.set({ state }, "a", grown.get({ state }, "a")!);
  expect(state.get(grown.keyOf("a"))).toEqual(grown.encode({ first: 1, last: 2 }));
});
