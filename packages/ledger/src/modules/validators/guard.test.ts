import { describe, expect, it } from "vitest";
import type { Validator } from "../../app/parameters.ts";
import { type Step, stepTowards, turnover } from "./guard.ts";
import { MAX_NODES } from "./settings.ts";
import { applyAsComet } from "./testing/comet-judge.ts";
import { fuzzGuard } from "./testing/guard-fuzz.ts";

const keyOf = (name: string) => name.charCodeAt(0).toString(16).padStart(64, "0");
/** `{ a: 1, b: 2 }` as a set. */
const setOf = (powers: Readonly<Record<string, number>>): Validator[] =>
  Object.entries(powers).map(([name, power]) => ({ publicKey: keyOf(name), power }));

function shown(step: Step): unknown {
  if (step.kind !== "changed") return step.kind === "held" ? step.alarm : step.kind;
  return Object.fromEntries(step.validators.map(({ publicKey, power }) => [String.fromCharCode(Number.parseInt(publicKey, 16)), power]));
}

describe("a step", () => {
  type Case = readonly [name: string, before: Record<string, number>, target: Record<string, number>, minimum: number, outcome: unknown];
  const cases: readonly Case[] = [
    ["to the same set", { a: 1, b: 1 }, { a: 500_000, b: 500_000 }, 1, "kept"],
    ["of a quarter is made at once", { a: 3, b: 1 }, { a: 750_000, c: 250_000 }, 1, { a: 750_000, c: 250_000 }],
    ["of a third goes three tenths of the power", { a: 2, b: 1 }, { a: 666_667, c: 333_333 }, 1, { a: 666_666, b: 33_333, c: 299_999 }],
    ["to a stranger", { a: 1 }, { b: 1_000_000 }, 1, { a: 700_000, b: 300_000 }],
    ["to nobody", { a: 1 }, {}, 1, "no-candidate"],
    ["to fewer than there must be", { a: 1, b: 1, c: 1, d: 1 }, { a: 1, b: 1, c: 1 }, 4, "too-few"],
    ["to the same set that is too small", { a: 1 }, { a: 1_000_000 }, 2, "too-few"],
  ];
  it.each(cases)("%s", (_name, before, target, minimum, outcome) => {
    expect(shown(stepTowards(setOf(before), setOf(target), minimum))).toEqual(outcome);
  });

  type Replacing = readonly [
    name: string,
    before: Record<string, number>,
    target: Record<string, number>,
    replaced: string,
    outcome: unknown,
  ];
  const replacing: readonly Replacing[] = [
    ["beside which nothing moves", { a: 1, b: 1, c: 1, d: 1 }, { e: 1, b: 1, c: 1, d: 1 }, "ae", { e: 1, b: 1, c: 1, d: 1 }],
    // A quarter for the new key, and a twentieth of the whole towards the rest.
    [
      "beside which a node goes",
      { a: 1, b: 1, c: 1, d: 1 },
      { b: 1, c: 1, e: 1 },
      "ae",
      { b: 266_666, c: 266_666, d: 200_000, e: 266_666 },
    ],
    ["with more than a step and less than a third", { a: 32, b: 34, c: 34 }, { b: 1, e: 1 }, "ae", { e: 32, b: 34, c: 34 }],
    ["with a third", { a: 1, b: 1, c: 1 }, { e: 1, b: 1, c: 1 }, "ae", { a: 33_333, b: 333_333, c: 333_333, e: 300_000 }],
    ["that has no power any more", { a: 1, b: 1 }, { b: 1 }, "ae", { a: 200_000, b: 800_000 }],
  ];
  it.each(replacing)("that replaces a key %s", (_name, before, target, [former, next], outcome) => {
    const step = stepTowards(setOf(before), setOf(target), 1, new Map([[keyOf(former!), keyOf(next!)]]));
    expect(shown(step)).toEqual(outcome);
  });

  it("never gives one new key two places", () => {
    const both = new Map([keyOf("a"), keyOf("b")].map((former) => [former, keyOf("e")]));
    const step = stepTowards(setOf({ a: 1, b: 1, c: 8 }), setOf({ e: 1 }), 1, both);
    expect(shown(step)).toEqual({ a: 70_000, b: 70_000, c: 560_000, e: 300_000 });
  });

  const malformed: readonly (readonly [name: string, target: readonly Validator[]])[] = [
    ["a key twice", [...setOf({ a: 1, b: 1 }), ...setOf({ a: 1 })]],
    ["no power", setOf({ a: 0 })],
    ["negative power", setOf({ a: -1 })],
    ["a fraction", setOf({ a: 0.5 })],
    ["too much power", setOf({ a: 1_000_000_001 })],
    ["a key of another kind", [{ publicKey: `02${keyOf("a")}`, power: 1 }]],
  ];
  it.each(malformed)("to a target with %s changes nothing", (_name, target) => {
    expect(stepTowards(setOf({ a: 1 }), target, 1)).toEqual({ kind: "held", alarm: "malformed" });
  });

  it("takes the highest power that there may be", () => {
    expect(shown(stepTowards(setOf({ a: 1 }), setOf({ a: 1_000_000_000, b: 1 }), 1))).toEqual({ a: 1_000_000_000, b: 1 });
  });

  it.each([
    ["as many nodes as there may be", MAX_NODES / 2, "changed"],
    ["one node more", MAX_NODES / 2 + 1, "too-many"],
  ])("on whose way there are %s", (_name, newcomers, outcome) => {
    const nodes = Array.from({ length: MAX_NODES / 2 + newcomers }, (_, i) => ({ publicKey: i.toString(16).padStart(64, "0"), power: 1 }));
    const [present, target] = [nodes.slice(0, MAX_NODES / 2), nodes.slice(MAX_NODES / 2)];
    const step = stepTowards(present, target, 1);
    expect(step.kind === "held" ? step.alarm : step.kind).toBe(outcome);
  });

  it("leads anywhere within four epochs", () => {
    let set: readonly Validator[] = setOf({ a: 1, b: 1, c: 1, d: 1 });
    const target = setOf({ e: 700_000, f: 300_000 });
    const moved: number[] = [];
    for (let epoch = 0; epoch < 4; epoch++) {
      const step = stepTowards(set, target, 1);
      if (step.kind !== "changed") throw new Error(step.kind);
      const { moved: part, whole } = turnover(set, step.validators);
      moved.push(Number((part * 1_000n) / whole));
      set = step.validators;
    }
    expect(set).toEqual(target);
    expect(moved).toEqual([300, 300, 300, 100]);
  });
});

describe("the judge refuses what CometBFT refuses", () => {
  const held = new Map([
    [keyOf("a"), 5n],
    [keyOf("b"), 5n],
  ]);
  const cases: readonly (readonly [name: string, updates: Validator[], words: string])[] = [
    ["a key twice", [...setOf({ a: 1 }), ...setOf({ a: 2 })], "duplicate entry"],
    ["the removal of a stranger", setOf({ c: 0 }), "failed to find validator"],
    ["negative power", setOf({ a: -1 }), "can't be negative"],
    ["a set without anybody", setOf({ a: 0, b: 0 }), "empty set"],
    ["another kind of key", [{ publicKey: "02", power: 1 }], "unsupported for consensus"],
  ];
  it.each(cases)("%s", (_name, updates, words) => {
    expect(() => applyAsComet(held, updates)).toThrow(words);
  });
});

it("never makes an update that CometBFT refuses, whatever policies follow each other", { timeout: 110_000 }, () => {
  const count = fuzzGuard({ histories: 10_000, seed: 1 });
  expect(count.histories).toBe(10_000);
  for (const outcome of [count.kept, count.changed - count.partial, count.partial, count.held]) expect(outcome).toBeGreaterThan(500);
  expect(count.largestSet).toBeGreaterThan(90);
});
