import { describe, expect, test } from "vitest";
import { createValueCache } from "./value-cache.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);

/** The hash of the cache's table. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}

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

  test("never gives an older value of a key that a growing table drives out while the key gets a longer one", () => {
    const below = new Map<string, Uint8Array>();
    const cache = createValueCache(2 ** 26, (key) => below.get(key));
    const put = (key: string, value: Uint8Array) => {
      cache.exchange(key, value, below.has(key));
      below.set(key, value);
    };
    // Keys by their place in the table of 2,048, as somebody finds them who may choose a part of a key. The first table has 1,024.
    const candidates = Array.from({ length: 400_000 }, (_, i) => `tally/totals/${i.toString(36)}`);
    const byPlace = Map.groupBy(candidates, (key) => hashOf(key) & 2_047);
    const putAt = (place: number) => put(byPlace.get(place)!.pop()!, bytes(1, 0));

    for (let i = 0; i < 14; i++) putAt(1_010);
    putAt(1_023); // at 0: over the end of the first table, so that growth takes it before those of 1,010
    putAt(1_024);
    const key = byPlace.get(1_025)!.pop()!;
    put(key, bytes(1, 1));
    for (let i = 0; i < 512 - 17; i++) putAt(100 + i);
    put(key, bytes(2, 2)); // the table grows, and the last of 1,010 takes the place of the key
    expect(cache.get(key)).toEqual(bytes(2, 2));
    put(key, bytes(2, 3));
    putAt(1_011); // drives the key out once more
    for (let place = 1_027; place < 1_040; place++) putAt(place);
    expect(cache.get(key)).toEqual(bytes(2, 3));
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
