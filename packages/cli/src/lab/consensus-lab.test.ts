import { describe, expect, it } from "vitest";
import { createRandom } from "../town/synthetic-patients/random.ts";
import { giniCoefficient, nakamotoCoefficient } from "./concentration.ts";
import { runLab } from "./consensus-lab.ts";
import { labChart } from "./lab-chart.ts";
import { createRoundModel } from "./round-model.ts";
import { type LabOptions, participantsOf, policyKinds } from "./scenario.ts";
import { takeOver } from "./takeover.ts";

const options: LabOptions = { seed: "a test", nodes: 7, epochs: 12, budget: 10_000 };
const run = (changes: Partial<LabOptions> = {}) => runLab({ ...options, ...changes }, () => undefined);

describe("the consensus lab", { timeout: 60_000 }, () => {
  it("gives the same result for the same seed, and another for another", async () => {
    const first = await run();
    expect(JSON.stringify(await run())).toBe(JSON.stringify(first));
    expect((await run({ seed: "another" })).policies).not.toEqual(first.policies);
  });

  it("shows what sets the policies apart", async () => {
    const { policies, blocks } = await run();
    const [equal, stake, delegated, work] = policies;
    expect(policies.map(({ policy }) => policy)).toEqual(policyKinds);
    expect(blocks).toBe(4 * 12 * 20);
    expect(policies.map(({ hashes }) => hashes > 0)).toEqual([false, false, false, true]);
    expect([equal!.nakamoto, equal!.gini, equal!.validators]).toEqual([3, 0, 7]);
    expect(stake!.gini).toBeGreaterThan(0.2);
    expect(work!.gini).toBeGreaterThan(0.1);
    expect([delegated!.validators, delegated!.messages < equal!.messages]).toEqual([4, true]);
    for (const { finalityMs, finality95Ms, throughput } of policies) {
      expect(finalityMs).toBeGreaterThan(20);
      expect(finality95Ms).toBeGreaterThanOrEqual(20);
      expect(throughput).toBeGreaterThan(100);
    }
  });

  it("draws a chart that needs nothing from elsewhere, whatever the seed is called", async () => {
    const chart = labChart({ ...(await run({ epochs: 2 })), seed: '<script>"&' });
    expect(chart.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/http|<script|href|url\(/);
    for (const kind of policyKinds) expect(chart).toContain(`>${kind}</text>`);
    expect(chart.match(/<rect/g)).toHaveLength(1 + 8 * 4);
  });
});

describe("a third of the power", () => {
  const participants = participantsOf(options);
  const stakes = participants.reduce((sum, { stake }) => sum + stake, 0);

  it("costs as many admitted organisations under equal votes as are half of those there", () => {
    expect(takeOver("equal", options, participants)).toEqual({ epochs: 8, cost: 80_000, organisations: 4 });
  });

  it("costs an organisation and half of what is bonded under stake", () => {
    const { cost, organisations } = takeOver("stake", { ...options, budget: 100 }, participants);
    expect(organisations).toBe(1);
    expect(cost).toBeGreaterThanOrEqual(20_000 + Math.floor(stakes / 2));
    expect(cost).toBeLessThan(20_000 + stakes / 2 + 200);
  });

  it("takes a third of the seats under delegated stake, and solutions for as long as the window under work", () => {
    expect(takeOver("delegated", options, participants)).toMatchObject({ organisations: 2 });
    const { epochs } = takeOver("work", options, participants);
    expect(epochs).toBeGreaterThan(2);
  });

  it("is never had with too little in an epoch for hashes, which are gone after it", () => {
    expect(takeOver("work", { ...options, budget: 500 }, participants).epochs).toBeUndefined();
  });
});

describe("concentration", () => {
  const cases: readonly (readonly [powers: readonly number[], nakamoto: number, gini: number])[] = [
    [[1, 1, 1], 1, 0],
    [[1, 1, 1, 1], 2, 0],
    [[97, 1, 1, 1], 1, 0.72],
    [[1, 0, 0, 0], 1, 0.75],
    [Array(10).fill(1), 4, 0],
  ];
  it.each(cases)("of %j", (powers, nakamoto, gini) => {
    expect(nakamotoCoefficient(powers)).toBe(nakamoto);
    expect(giniCoefficient(powers)).toBeCloseTo(gini, 10);
  });
});

describe("a round", () => {
  const node = (at: number, changes = {}) => ({ key: String(at), power: 1, x: at / 4, y: 0, isAway: false, ...changes });
  const four = (...changes: readonly object[]) => [0, 1, 2, 3].map((at) => node(at, changes[at]));
  const next = (nodes: ReturnType<typeof four>) => createRoundModel(createRandom("round")).next(nodes, 0.001);

  it("of four sends a proposal and two rounds of votes to everybody", () => {
    expect(next(four())).toMatchObject({ rounds: 1, messages: 3 + 2 * 4 * 3 });
  });

  it("goes on without one of four, at the price of its time-out when it was to propose", () => {
    const { finalityMs, rounds } = next(four({ isAway: true }));
    expect(rounds).toBe(2);
    expect(finalityMs).toBeGreaterThan(1_000);
  });

  it("stands still without two of four", () => {
    expect(() => next(four({}, { isAway: true }, { isAway: true }))).toThrow("stands still");
  });
});
