import { describe, expect, it } from "vitest";
import { testBytes } from "../../testing/chain.ts";
import { isDue, type Phase, phaseOf } from "./ceremony.ts";
import type { Ceremony } from "./schema.ts";

const dealers = [1, 2].map((index) => ({ account: testBytes(`dealer ${index}`), index }));
const ceremony: Ceremony = {
  ...{ purpose: "release", kind: "generate", threshold: 2, dealersNeeded: 2, dealers, dealt: [1], confirmed: [], complaints: [] },
  receivers: dealers.map(({ account }) => ({ account, sealingKey: account })),
  ...{ dealUntil: 100, complainUntil: 200, justifyUntil: 300, outcome: { kind: "running" } },
};

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

  it("it is due after the complaints, or after the answers where one is open", () => {
    const open = { ...ceremony, complaints: [{ dealer: 1, receiver: 2, answered: false }] };
    expect([199, 200].map((time) => isDue(ceremony, time))).toEqual([false, true]);
    expect([299, 300].map((time) => isDue(open, time))).toEqual([false, true]);
  });
});
