import { expect, it } from "vitest";
import { dayOf, endOfDay, startOfDay } from "./days.ts";

it.each(["2026-01-31", "2024-02-29", "2026-03-29", "2026-10-25", "1999-12-31"])("has %s from its first to its last millisecond", (day) => {
  const [start, end] = [startOfDay(day)!, endOfDay(day)!];
  expect([start - 1, start, end, end + 1].map(dayOf).map((found) => found === day)).toEqual([false, true, true, false]);
});

it.each(["", "today", "2026-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-1", "2026-01-01T00:00"])(
  "refuses %j",
  (text) => {
    expect([startOfDay(text), endOfDay(text)]).toEqual([undefined, undefined]);
  },
);
