import { afterEach, expect, it } from "vitest";
import { instantText } from "./dates.ts";

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

it.each([
  ["UTC", "2026-11-26T23:30:05.250Z"],
  ["Asia/Shanghai", "2026-11-27T07:30:05.250+08:00"],
  ["America/Los_Angeles", "2026-11-26T15:30:05.250-08:00"],
  ["America/St_Johns", "2026-11-26T20:00:05.250-03:30"],
  ["Asia/Kolkata", "2026-11-27T05:00:05.250+05:30"],
])("writes a moment with the day of whoever writes it: %s", (name, text) => {
  process.env.TZ = name;
  const at = Date.UTC(2026, 10, 26, 23, 30, 5, 250);
  expect(instantText(at)).toBe(text);
  expect(Date.parse(text)).toBe(at);
});
