import { describe, expect, it } from "vitest";
import { testBytes } from "../../testing/chain.ts";
import { isDue, type Phase, phaseOf } from "./ceremony.ts";
import type { Ceremony } from "./schema.ts";

const dealers = [1, 2].map((index) => ({ account: testBytes(`dealer ${index}`), index }));
const ceremony: Ceremony = {
  ...{ purpose: "release", kind: "generate", threshold: 2, dealersNeeded: 1, dealers, dealt: [1], confirmed: [], complaints: [] },
  receivers: dealers.map(({ account }) => ({ account, sealingKey: account })),
  ...{ dealUntil: 100, complainUntil: 200, justifyUntil: 300, outcome: { kind: "running" } },
};

/** Of the moments 199, 200, 299, 300. */
const [AT_200, AT_300] = [
  [false, true, true, true],
  [false, false, false, true],
];

describe("each window of a ceremony ends in its last moment", () => {
  it.each<[time: number, phase: Phase]>([
    [99, "dealing"],
    [100, "complaining"],
    [199, "complaining"],
    [200, "justifying"],
    [299, "justifying"],
    [300, "over"],
  ])("at %i it is %s", (time, phase) => expect(phaseOf(ceremony, time)).toBe(phase));

  it("complaints come earlier when all have dealt", () => expect(phaseOf({ ...ceremony, dealt: [1, 2] }, 0)).toBe("complaining"));

  it("it is due after the complaints, or after the answers where one is open or a receiver who is needed has not looked", () => {
    const open = { ...ceremony, complaints: [{ dealer: 1, receiver: 2, answered: false }] };
    const looked = { ...ceremony, confirmed: [1], complaints: [{ dealer: 1, receiver: 2, answered: true }] };
    const due = (one: Ceremony, needsAll: boolean) => [199, 200, 299, 300].map((time) => isDue(one, time, needsAll));
    expect([due(ceremony, false), due(open, false), due(looked, false)]).toEqual([AT_200, AT_300, AT_200]);
    expect([due(ceremony, true), due(open, true), due(looked, true)]).toEqual([AT_300, AT_300, AT_200]);
  });
});
