import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type OrderedRange, orderedDelete, orderedInsert, orderedKeys } from "./ordered.ts";
import type { StateWriter } from "./state-store.ts";

function createMapState(): StateWriter & { readonly records: Map<string, Uint8Array> } {
  const records = new Map<string, Uint8Array>();
  return {
    records,
    get: (key) => records.get(key),
    set: (key, value) => void records.set(key, value),
    delete: (key) => void records.delete(key),
  };
}

/** What `orderedKeys` must give, said with a sorted array. */
function expected(keys: ReadonlySet<string>, { gte = "", lt, reverse = false, limit }: OrderedRange): string[] {
  const inside = [...keys].filter((key) => key >= gte && (lt === undefined || key < lt)).sort((a, b) => (a < b ? -1 : 1));
  return (reverse ? inside.reverse() : inside).slice(0, limit);
}

const key = fc.oneof(
  fc.integer({ min: 0, max: 3000 }).map((n) => n.toString(16).padStart(4, "0")),
  fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom("a", "b", "~", "/", " ") }),
);
const run = fc.record({
  insert: fc.boolean(),
  from: fc.nat(3000),
  count: fc.integer({ min: 1, max: 300 }),
  step: fc.constantFrom(1, 7, -1),
});
const range: fc.Arbitrary<OrderedRange> = fc.record({ gte: key, lt: key, reverse: fc.boolean(), limit: fc.nat(80) }, { requiredKeys: [] });

describe("an ordered index", () => {
  test("holds what a sorted array holds, whatever the history", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(run, fc.record({ insert: fc.boolean(), key })), { maxLength: 30 }),
        fc.array(range, { maxLength: 8 }),
        (acts, ranges) => {
          const state = createMapState();
          const model = new Set<string>();
          const apply = (insert: boolean, text: string) => {
            (insert ? orderedInsert : orderedDelete)(state, "things", text);
            if (insert) model.add(text);
            else model.delete(text);
          };
          for (const act of acts) {
            if ("key" in act) apply(act.insert, act.key);
            else
              for (let i = 0; i < act.count; i++)
                apply(
                  act.insert,
                  Math.abs(act.from + i * act.step)
                    .toString(16)
                    .padStart(4, "0"),
                );
          }
          for (const asked of [{}, { reverse: true }, ...ranges])
            expect([...orderedKeys(state, "things", asked)]).toEqual(expected(model, asked));
          for (const text of model) orderedDelete(state, "things", text);
          expect(state.records.size).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("keeps pages of at most 32 keys, full ones behind ascending keys", () => {
    const state = createMapState();
    for (let i = 0; i < 3200; i++) orderedInsert(state, "times", i.toString().padStart(6, "0"));
    const leaves = [...state.records].filter(([name]) => name.startsWith("~times~0~"));
    expect(leaves.length).toBe(100);
    expect(Math.max(...leaves.map(([, bytes]) => String.fromCharCode(...bytes).split("\n").length))).toBe(32);
  });

  test("walks on while the walked keys are deleted and others come", () => {
    const state = createMapState();
    for (let i = 0; i < 500; i++) orderedInsert(state, "due", i.toString().padStart(4, "0"));
    const walked: string[] = [];
    for (const due of orderedKeys(state, "due", { lt: "0400" })) {
      walked.push(due);
      orderedDelete(state, "due", due);
      orderedInsert(state, "due", `9${due}`);
    }
    expect(walked).toEqual(Array.from({ length: 400 }, (_, i) => i.toString().padStart(4, "0")));
    expect([...orderedKeys(state, "due")].length).toBe(500);
  });

  test("keeps indexes apart", () => {
    const state = createMapState();
    orderedInsert(state, "a", "0~b");
    orderedInsert(state, "a/0", "b");
    expect([...orderedKeys(state, "a")]).toEqual(["0~b"]);
    expect([...orderedKeys(state, "a/0")]).toEqual(["b"]);
    expect(() => orderedInsert(state, "a~0", "b")).toThrow(RangeError);
  });
});
