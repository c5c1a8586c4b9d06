import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { electionRisk, riskTable, riskText } from "./election-risk.ts";

describe("the risk of an election", () => {
  // Binomial sums, computed independently when the policies were designed.
  const cases: readonly (readonly [share: number, seats: number, text: string])[] = [
    [0.2, 21, "11 %"],
    [0.2, 100, "7e-4"],
    [0.2, 288, "8e-8"],
    [0.2, 1_008, "2e-23"],
    [0.25, 21, "26 %"],
    [0.25, 100, "2.8 %"],
    [0.25, 288, "9e-4"],
    [0.25, 1_008, "2e-9"],
    [0.3, 21, "45 %"],
    [0.3, 100, "22 %"],
    [0.3, 288, "12 %"],
    [0.3, 1_008, "1.2 %"],
  ];
  it.each(cases)("at a share of %d in %i seats is %s", (share, seats, text) => {
    expect(riskText(electionRisk({ seats, share }))).toBe(text);
  });

  it("is certain with everything and nothing without anything; a third is enough", () => {
    expect(electionRisk({ seats: 4, share: 1e-12 })).toBeLessThan(1e-20);
    expect(electionRisk({ seats: 4, share: 1 - 1e-12 })).toBeCloseTo(1, 9);
    expect(electionRisk({ seats: 3, share: 0.5 })).toBeCloseTo(7 / 8, 12); // one of three
  });

  it("stands in the documents as it is computed", () => {
    const page = readFileSync(join(import.meta.dirname, "../../../../docs/concepts/voting-power/work.md"), "utf8");
    expect(page).toContain(riskTable());
  });
});
