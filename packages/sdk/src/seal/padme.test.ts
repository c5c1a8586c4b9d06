import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { padmeLength } from "./padme.ts";

describe("Padmé", () => {
  it.each([
    [0, 0],
    [1, 1],
    [8, 8],
    [9, 10],
    [15, 16],
    [100, 104],
    [1000, 1024],
    [1025, 1088],
    [1_000_000, 1_015_808],
  ])("pads %i to %i", (length, padded) => {
    expect(padmeLength(length)).toBe(padded);
  });

  it("never shortens, adds at most 12 %, keeps order, and pads nothing twice", () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(5000), fc.integer({ min: 1, max: 2 ** 45 })), (length) => {
        const padded = padmeLength(length);
        expect(padded).toBeGreaterThanOrEqual(length);
        expect(padded).toBeLessThanOrEqual(length * 1.12);
        expect(padmeLength(padded)).toBe(padded);
        expect(padmeLength(length + 1)).toBeGreaterThanOrEqual(padded);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([10, 20, 30, 40])(
    "shows O(log log M) bits of lengths up to 2^%i: at most the square of the exponent different ones",
    (exponent) => {
      let buckets = 0;
      for (let length = 1; length <= 2 ** exponent; length = padmeLength(length) + 1) buckets++;
      expect(buckets).toBeLessThanOrEqual((exponent + 1) ** 2);
    },
  );

  it.each([-1, 0.5, Number.NaN, 2 ** 53])("refuses the length %d", (length) => {
    expect(() => padmeLength(length)).toThrow(RangeError);
  });
});
