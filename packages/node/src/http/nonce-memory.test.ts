import { expect, it } from "vitest";
import { createNonceMemory } from "./nonce-memory.ts";

const LIFETIME_MS = 120_000;

function memory(maxNonces?: number) {
  const clock = { now: 0 };
  return {
    clock,
    ...createNonceMemory({ lifetimeMs: LIFETIME_MS, now: () => clock.now, ...(maxNonces === undefined ? {} : { maxNonces }) }),
  };
}

/** How many new nonces an account gets in before it is refused. */
function fill(add: (account: string, nonce: string) => boolean, account: string): number {
  for (let count = 0; ; count++) {
    try {
      add(account, `n${count}`);
    } catch {
      return count;
    }
  }
}

it("takes every nonce of an account once, also when its halves turn", () => {
  const { clock, add } = memory();
  expect([add("a", "1"), add("a", "1"), add("b", "1")]).toEqual([true, false, true]);
  clock.now += LIFETIME_MS;
  expect(add("a", "1")).toBe(false);
  clock.now += 1;
  expect([add("a", "2"), add("a", "1")]).toEqual([true, false]);
});

it("forgets what no request could be dated to any more", () => {
  const { clock, add } = memory();
  add("a", "1");
  for (let turn = 0; turn < 2; turn++) {
    clock.now += LIFETIME_MS + 1;
    add("b", `${turn}`);
  }
  expect(add("a", "1")).toBe(true);
});

it.each([false, true])("leaves room to the others, however much one account sends; its halves turn meanwhile: %s", (turn) => {
  const { clock, add } = memory(80);
  const left = ["a", "b", "c"].map((account) => {
    const count = fill(add, account);
    if (turn && account === "a") clock.now += LIFETIME_MS + 1;
    return count;
  });
  expect(left).toEqual([40, 20, 10]);
  expect(add("d", "1")).toBe(true);
  expect(() => add("a", "more")).toThrow("api/TooManyRequests");
});
