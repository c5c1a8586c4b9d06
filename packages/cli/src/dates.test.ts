import { describe, expect, it } from "vitest";
import { parseMoment } from "./dates.ts";

const now = Date.UTC(2026, 0, 31, 12);

describe("a moment", () => {
  it.each([
    ["90d", now + 90 * 86_400_000],
    ["12h", now + 12 * 3_600_000],
    ["30m", now + 30 * 60_000],
    ["2027-01-31", Date.UTC(2027, 0, 31)],
    ["2028-02-29", Date.UTC(2028, 1, 29)],
    ["2027-01-31T08:00Z", Date.UTC(2027, 0, 31, 8)],
    ["2027-01-31T08:00+02:00", Date.UTC(2027, 0, 31, 6)],
    // The same on every machine, whatever its time zone.
    ["2027-01-31T08:00", Date.UTC(2027, 0, 31, 8)],
    ["2027-01-31T08:00:30", Date.UTC(2027, 0, 31, 8, 0, 30)],
  ])("%s is understood", (text, moment) => {
    expect(parseMoment(text, now)).toBe(moment);
  });

  const noDays = ["2027-13-01", "2027-02-29", "2027-02-31T08:00Z", "2027-04-31T08:00"];
  it.each(["", "soon", "0d", "-1d", "1.5h", "90", "d", ...noDays, "31.1.2027", "2027-01-31 08:00", "9999999999d"])(
    "%j is refused",
    (text) => {
      expect(() => parseMoment(text, now)).toThrow("cli/BadDate");
    },
  );
});
