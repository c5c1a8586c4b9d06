import { GalenError } from "@galen/sdk/client/galen-error";
import { expect, it } from "vitest";
import { clockFaultIn, compareClocks, WrongClockError } from "./clock.ts";

const SECOND = 1_000;
const NOW = 1_800_000_000_000;

it.each([
  ["is right", { asked: 0, answered: 1 }, undefined],
  ["is right, and the answer took a minute", { asked: -60, answered: 1 }, undefined],
  ["is ten seconds behind", { asked: -11, answered: -10 }, undefined],
  ["is a minute ahead", { asked: 60, answered: 61 }, undefined],
  ["is eleven seconds behind", { asked: -12, answered: -11 }, -11],
  ["is two minutes ahead", { asked: 120, answered: 121 }, 120],
  ["is a year behind", { asked: -31_536_000, answered: -31_535_999 }, -31_535_999],
] as const)("tells a clock that %s", (_, { asked, answered }, deviation) => {
  const found = compareClocks({ askedAt: NOW + asked * SECOND, answeredAt: NOW + answered * SECOND, nodeAt: NOW });
  expect(found).toEqual(deviation === undefined ? undefined : { deviceAt: NOW + deviation * SECOND, networkAt: NOW });
});

const refusal = (id: string, details = {}) => new GalenError({ id, status: 422, sentence: "", details });

it.each([
  ["is the wrong clock itself", new WrongClockError({ deviceAt: 1, networkAt: NOW }), NOW],
  ["is signed in the future of this device", refusal("proof/TimeInFuture", { blockTime: NOW }), NOW],
  ["is old, by clocks that agree", refusal("proof/Stale"), undefined],
  ["has nothing to do with time", refusal("vault/NotOwner"), undefined],
  ["is no refusal", new Error("broken"), undefined],
] as const)("knows what %s", (_, error, networkAt) => {
  expect(clockFaultIn(error)?.networkAt).toBe(networkAt);
});
