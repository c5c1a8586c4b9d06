import { describe, expect, test } from "vitest";
import { createValueCache } from "./value-cache.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);

describe("value cache", () => {
  test.each([
    ["holds a value", 1_000_000],
    ["holds nothing", 0],
  ])("gives what was put last, from itself or from below, when it %s", (_, budget) => {
    const below = new Map<string, Uint8Array | undefined>();
    const cache = createValueCache(budget, (key) => below.get(key));
    for (const value of [bytes(45, 1), bytes(45, 2), undefined, bytes(900, 3)]) {
      const before = below.get("key");
      expect(cache.exchange("key", value, before !== undefined)).toEqual(before);
      below.set("key", value);
      expect(cache.get("key")).toEqual(value);
    }
  });

  test("asks below once for a key, also for one without a value", () => {
    const asked: string[] = [];
    const cache = createValueCache(1_000_000, (key) => {
      asked.push(key);
      return key === "there" ? bytes(3, 7) : undefined;
    });
    for (let round = 0; round < 2; round++) expect([cache.get("there"), cache.get("absent")]).toEqual([bytes(3, 7), undefined]);
    expect(asked).toEqual(["there", "absent"]);
    expect([cache.exchange("new", bytes(1, 1), false), cache.exchange("old", bytes(1, 1), true)]).toEqual([undefined, undefined]);
    expect(asked).toEqual(["there", "absent", "old"]);
  });

  test.each([
    ["in one page", 400_000, 30],
    ["in several pages", 8_000_000, 1_000],
  ])("never gives an older value, however many keys drive each other out %s", (_, budget, unit) => {
    const below = new Map<string, Uint8Array>();
    const cache = createValueCache(budget, (key) => below.get(key));
    let seed = 1;
    const draw = (limit: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % limit;
    };
    for (let round = 0; round < 60_000; round++) {
      const key = `module/records/${draw(round % 2 === 0 ? 8_000 : 50)}`;
      if (draw(3) === 0) {
        const value = bytes(draw(200) === 0 ? 1_200_000 : unit * draw(4), draw(256)); // often as long as the one before, now and then one that no page takes
        const before = cache.exchange(key, value, below.has(key));
        if (before === undefined ? below.has(key) : !Buffer.from(below.get(key)!).equals(before)) expect.fail(`before ${key} at ${round}`);
        below.set(key, value);
      }
      if (cache.get(key) === undefined ? below.has(key) : !Buffer.from(below.get(key)!).equals(cache.get(key)!))
        expect.fail(`${key} at ${round}`);
    }
  });

  describe("keeps within its budget", () => {
    const asked: string[] = [];
    const create = () => {
      asked.length = 0;
      return createValueCache(400_000, (key) => void asked.push(key));
    };
    const keys = Array.from({ length: 1_000 }, (_, i) => `vault/objects/${i}`);

    test("what was used last, and forgets what was not", () => {
      const cache = create();
      for (const key of keys) cache.exchange(key, bytes(1_000, 1), false);
      for (const key of keys.slice(-190)) cache.get(key);
      expect(asked).toEqual([]);
      for (const key of keys.slice(0, 600)) cache.get(key);
      expect(asked).toEqual(keys.slice(0, 600));
    });

    test("all of many small ones", () => {
      const cache = create();
      for (let round = 0; round < 2; round++) for (const key of keys) cache.get(key);
      expect(asked).toEqual(keys);
    });

    test("all others, however often one value changes", () => {
      const cache = create();
      for (const key of keys.slice(0, 100)) cache.exchange(key, bytes(1_000, 1), false);
      for (let i = 0; i < 1_000; i++) cache.exchange("often", bytes(1_000, i), false);
      for (const key of keys.slice(0, 100)) cache.get(key);
      expect(asked).toEqual([]);
    });
  });

  test("gives a copy: whoever changes it changes nothing here", () => {
    const cache = createValueCache(1_000_000, () => undefined);
    cache.exchange("key", bytes(2, 1), false);
    cache.get("key")!.fill(9);
    expect(cache.get("key")).toEqual(bytes(2, 1));
  });
});
