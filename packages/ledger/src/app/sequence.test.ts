import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import { Integer } from "../schema/types.ts";
import { createOverlay } from "../store/overlay.ts";
import { defineSequence } from "./sequence.ts";

const visits = defineSequence("ward/visits", Type.Object({ minute: Integer(0, 1_000) }));

function ward(...minutes: number[]) {
  const context = { state: createOverlay({ get: () => undefined }) };
  const numbers = minutes.map((minute) => visits.append(context, "bed", { minute }));
  return { context, numbers };
}

const newestFirst = (minutes: readonly number[], page: { before?: number; limit: number }) =>
  visits.newestFirst(ward(...minutes).context, "bed", page).map(({ number, value }) => [number, value.minute]);

describe("a sequence", () => {
  it("numbers its entries from 0, for each key apart", () => {
    const { context, numbers } = ward(10, 20, 30);
    expect(numbers).toEqual([0, 1, 2]);
    expect(visits.append(context, "chair", { minute: 5 })).toBe(0);
    expect([visits.count(context, "bed"), visits.count(context, "chair"), visits.count(context, "sofa")]).toEqual([3, 1, 0]);
  });

  it.each([
    [
      "all",
      { limit: 9 },
      [
        [2, 30],
        [1, 20],
        [0, 10],
      ],
    ],
    [
      "the newest",
      { limit: 2 },
      [
        [2, 30],
        [1, 20],
      ],
    ],
    ["what stands before a number", { before: 1, limit: 9 }, [[0, 10]]],
    ["nothing before the first", { before: 0, limit: 9 }, []],
    ["nothing beyond the end", { before: 99, limit: 1 }, [[2, 30]]],
  ])("reads %s", (_, page, expected) => {
    expect(newestFirst([10, 20, 30], page)).toEqual(expected);
  });

  it("reads nothing where nothing stands", () => {
    expect(newestFirst([], { limit: 5 })).toEqual([]);
  });
});
