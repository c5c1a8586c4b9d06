import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startOf, tally, tallyOf } from "./tally.ts";

const NOW = Date.UTC(2026, 10, 26, 12, 30, 10);
const MINUTE_MS = 60_000;
const at = (minutesAgo: number, kind = "TREAT", isBad = false) => ({ at: NOW - minutesAgo * MINUTE_MS, kind, isBad });

describe("a tally", () => {
  it.each([
    ["nothing", [], 1, 12],
    ["the last minute", [at(0)], 1, 12],
    ["half an hour less a minute", [at(29)], 1, 30],
    ["half an hour", [at(30)], 5, 12],
    ["a day", [at(24 * 60)], 60, 25],
    ["a month", [at(30 * 24 * 60)], 7 * 24 * 60, 12],
    ["more than two years", [at(900 * 24 * 60)], 28 * 24 * 60, 30],
  ])("of %s has stretches that can be read", (_, happenings, stepMinutes, count) => {
    const { stepMs, starts } = tally(happenings, NOW);
    expect([stepMs / MINUTE_MS, starts.length]).toEqual([stepMinutes, count]);
    expect(starts.at(-1)).toBeLessThanOrEqual(NOW);
    expect(starts.at(-1)! + stepMs).toBeGreaterThan(NOW);
  });

  it("counts kinds apart, the most frequent first, and tells the bad ones", () => {
    const { rows } = tally([at(0, "HRESCH", true), at(0), at(1), at(1, "TREAT", true)], NOW);
    expect(rows.map(({ kind, sum }) => [kind, sum])).toEqual([
      ["TREAT", 3],
      ["HRESCH", 1],
    ]);
    expect(rows[0]).toMatchObject({
      values: [...Array.from({ length: 10 }, () => 0), 2, 1],
      bad: [...Array.from({ length: 10 }, () => 0), 1, 0],
    });
  });

  it("loses and doubles nothing within two years", () => {
    const happening = fc.record({
      at: fc.integer({ min: NOW - 800 * 24 * 60 * MINUTE_MS, max: NOW }),
      kind: fc.constantFrom("a", "b", "c"),
      isBad: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 200 }), (happenings) => {
        const { rows } = tally(happenings, NOW);
        expect(rows.reduce((sum, row) => sum + row.sum, 0)).toBe(happenings.length);
        expect(rows.flatMap(({ bad }) => bad).reduce((sum, value) => sum + value, 0)).toBe(happenings.filter(({ isBad }) => isBad).length);
      }),
    );
  });
});

it("shows what a node has counted, brought together by name, the present stretch last", () => {
  const span = { stepMs: 60 * MINUTE_MS, count: 3 };
  const first = startOf(span, NOW);
  const count = (place: number, kind: string, opened: number, refused: number) => ({
    start: first + place * span.stepMs,
    kind,
    opened,
    refused,
  });
  const counts = [count(-1, "a", 9, 9), count(0, "a", 1, 0), count(2, "b", 2, 1), count(2, "c", 0, 4), count(1, "d", 1, 1)];
  const { starts, rows } = tallyOf(counts, { span, now: NOW, nameOf: (kind) => (kind === "d" ? "another" : "one") });
  expect(starts.at(-1)! <= NOW && NOW < starts.at(-1)! + span.stepMs).toBe(true);
  expect(rows).toEqual([
    { kind: "one", values: [1, 0, 7], bad: [0, 0, 5], sum: 8 },
    { kind: "another", values: [0, 2, 0], bad: [0, 1, 0], sum: 2 },
  ]);
});
