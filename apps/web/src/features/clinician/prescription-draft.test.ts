import { describe, expect, it } from "vitest";
import { emptyForm, isComplete, type PrescriptionForm, quantityOf, wholeNumber } from "./prescription-draft.ts";

const form = (change: Partial<PrescriptionForm>): PrescriptionForm => ({ ...emptyForm, medicine: "Ramipril 5 mg", ...change });

describe("a prescription while it is written", () => {
  it.each([
    ["a week of one tablet", {}, "7"],
    ["halves, rounded up", { dose: "0.5", times: "1", days: "7" }, "4"],
    ["three times a day for ten days", { dose: "2", times: "3", days: "10" }, "60"],
    ["what was typed", { quantity: "20" }, "20"],
    ["nothing for a dose that is none", { dose: "one" }, ""],
    ["nothing for no frequency", { times: "" }, ""],
    ["nothing for more than can be written", { dose: "9999", times: "24", days: "365" }, ""],
  ])("comes to %s", (_name, change, quantity) => {
    expect(quantityOf(form(change))).toBe(quantity);
  });

  it.each([
    ["complete", {}, true],
    ["without a medicine", { medicine: "  " }, false],
    ["with a dose of nothing", { dose: "0" }, false],
    ["with a comma", { dose: "0,5" }, false],
    ["too often", { times: "25" }, false],
    ["for longer than a year", { days: "366" }, false],
    ["for half a day", { days: "0.5" }, false],
    ["with no quantity", { quantity: "" }, false],
    ["with a quantity of words", { quantity: "ten" }, false],
  ])("is %s", (_name, change, isReady) => {
    expect(isComplete(form(change))).toBe(isReady);
  });

  it.each([
    ["1", 24, 1],
    ["24", 24, 24],
    ["25", 24, undefined],
    ["0", 24, undefined],
    ["-1", 24, undefined],
    ["1.0", 24, undefined],
    [" 1", 24, undefined],
    ["１", 24, undefined],
  ])("reads %j as a whole number up to %i: %s", (text, max, value) => {
    expect(wholeNumber(text, max)).toBe(value);
  });
});
