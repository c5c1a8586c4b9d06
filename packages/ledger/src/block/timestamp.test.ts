import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addMilliseconds,
  compareTimestamps,
  formatTimestamp,
  fromMilliseconds,
  parseTimestamp,
  Timestamp,
  toMilliseconds,
  zeroTime,
} from "./timestamp.ts";

const anyTime = fc.record({
  seconds: fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }),
  nanos: fc.integer({ min: 0, max: 999_999_999 }),
});

describe("RFC 3339 times", () => {
  it.each([
    ["1970-01-01T00:00:00Z", 0, 0],
    ["0001-01-01T00:00:00Z", -62_135_596_800, 0],
    ["9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999],
    ["2000-02-29T12:00:00.5Z", 951_825_600, 500_000_000],
    ["1969-12-31T23:59:59.999Z", -1, 999_000_000],
    ["2023-05-17T14:12:53.088875124Z", 1_684_332_773, 88_875_124],
  ])("%s", (text, seconds, nanos) => {
    expect(parseTimestamp(text)).toEqual({ seconds, nanos });
    expect(formatTimestamp({ seconds, nanos })).toBe(text);
  });

  it.each([
    "",
    "2023-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2023-13-01T00:00:00Z",
    "2023-00-01T00:00:00Z",
    "2023-01-00T00:00:00Z",
    "2023-01-01T24:00:00Z",
    "2023-01-01T00:60:00Z",
    "2016-12-31T23:59:60Z",
    "0000-01-01T00:00:00Z",
    "2023-01-01T00:00:00+00:00",
    "2023-01-01T00:00:00.Z",
    "2023-01-01T00:00:00.1234567890Z",
    "2023-01-01 00:00:00Z",
    " 2023-01-01T00:00:00Z",
  ])("refuses %j", (text) => {
    expect(() => parseTimestamp(text)).toThrow("is needed");
  });

  it("agrees with the calendar of the platform from year 1 to 9999", () => {
    for (let day = -719_162; day <= 2_932_896; day += 173) {
      const text = `${new Date(day * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`;
      expect(formatTimestamp({ seconds: day * 86_400, nanos: 0 })).toBe(text);
      expect(parseTimestamp(text).seconds).toBe(day * 86_400);
    }
  });

  it("comes back from text and from the wire", () => {
    const check = fc.property(anyTime, (time) => {
      expect(parseTimestamp(formatTimestamp(time))).toEqual(time);
      expect(Timestamp.decode(Timestamp.encode(time))).toEqual(time);
      expect(Timestamp.fromJson(Timestamp.toJson(time))).toEqual(time);
    });
    fc.assert(check);
  });
});

describe("arithmetic", () => {
  it("counts whole milliseconds, down", () => {
    expect(toMilliseconds({ seconds: 1, nanos: 999_999_999 })).toBe(1999);
    expect(toMilliseconds({ seconds: -1, nanos: 999_999_999 })).toBe(-1);
    expect(fromMilliseconds(-1)).toEqual({ seconds: -1, nanos: 999_000_000 });
  });

  it("orders and adds exactly", () => {
    const check = fc.property(anyTime, fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), (time, milliseconds) => {
      const later = addMilliseconds(time, milliseconds);
      expect(later.nanos).toBeGreaterThanOrEqual(0);
      expect(later.nanos).toBeLessThan(1_000_000_000);
      expect(toMilliseconds(later) - toMilliseconds(time)).toBe(milliseconds);
      expect(Math.sign(compareTimestamps(later, time))).toBe(Math.sign(milliseconds));
    });
    fc.assert(check);
  });

  it("knows Go's zero time", () => {
    expect(formatTimestamp(zeroTime)).toBe("0001-01-01T00:00:00Z");
    expect(Buffer.from(Timestamp.encode(zeroTime)).toString("hex")).toBe("088092b8c398feffffff01");
  });
});
