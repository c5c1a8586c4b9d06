import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { portableCrypto } from "../crypto/portable.ts";
import type { KeyValueStore } from "./kv.ts";
import { createMemoryStore } from "./memory.ts";
import { HEAD_KEY } from "./state-head.ts";
import { openStateStore, type StateStore } from "./state-store.ts";
import { modelRoot } from "./state-tree.model.ts";
import { bytes, type Changes, changed, checkVersions, createChain, recordsOf } from "./testing/state-chain.ts";

// Paths that meet at every depth: chosen ones with long common beginnings among common ones.
const KEYS = [
  ...Array.from({ length: 60 }, (_, i) => `accounts/${i}`),
  ...Array.from({ length: 40 }, (_, i) => `#${"0".repeat(i)}${(i % 15) + 1}`),
  ...Array.from({ length: 16 }, (_, i) => `#${"f".repeat(63)}${i.toString(16)}`),
  `#${"0".repeat(63)}1`,
  `#${"0".repeat(64)}`,
];

/** In a state of many keys, short ones lie in the log beside their leaves; those of more than 128 bytes do not. */
const value = fc.oneof(
  { weight: 5, arbitrary: fc.string({ maxLength: 6, unit: "grapheme-ascii" }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom("a", "b"), fc.constantFrom(127, 128, 129, 300)).map(([text, length]) => text.repeat(length)),
  },
);
const change = fc.tuple(fc.constantFrom(...KEYS), fc.option(value, { nil: undefined, freq: 2 }));
const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ changes: fc.array(change, { maxLength: 40 }), ahead: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.constant("crash" as const) },
  { weight: 1, arbitrary: fc.constant("restart" as const) },
  { weight: 1, arbitrary: fc.constant("delete all" as const) },
);

describe("a state store", () => {
  test("has the model's root, values and proofs after any history of changes and crashes, at every kept height", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 14 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        fc.boolean(),
        async (acts, keepVersions, roomy, keepsValues) => {
          const options = { keepVersions, cacheBytes: roomy ? 2 ** 20 : 3000, ...(keepsValues ? { valuesFrom: 0 } : {}) };
          const chain = await createChain(createMemoryStore(), options);
          let opened = 0;
          for (const next of acts) {
            if (next === "crash" || next === "restart") {
              await chain[next]();
              opened = chain.store.height;
            } else if (next === "delete all") await chain.block(new Map(KEYS.map((key) => [key, undefined])), 1);
            else
              await chain.block(
                new Map(next.changes.map(([key, text]) => [key, text === undefined ? undefined : bytes(text)])),
                next.ahead,
              );
          }
          const oldest = Math.max(opened, chain.store.height - keepVersions + 1);
          expect(chain.store.oldestHeight).toBeLessThanOrEqual(oldest);
          checkVersions(chain.store, chain.history, KEYS, oldest);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("has one root for one set of values, whatever came before", async () => {
    const kv = createMemoryStore();
    const chain = await createChain(kv, {});
    const key = (i: number) => `vault/objects/${i}`;
    await chain.block(new Map(Array.from({ length: 3000 }, (_, i) => [key(i), bytes(`first ${i}`)])), 0);
    await chain.block(new Map(Array.from({ length: 2950 }, (_, i) => [key(i + 50), undefined])), 0);
    await chain.crash();
    await chain.block(new Map(Array.from({ length: 50 }, (_, i) => [key(i), bytes(`second ${i}`)])), 0);

    const fresh = await createChain(createMemoryStore(), {});
    await fresh.block(new Map(Array.from({ length: 50 }, (_, i) => [key(49 - i), bytes(`second ${49 - i}`)])), 0);
    expect(chain.store.root).toEqual(fresh.store.root);
    expect(chain.store.root).toEqual(modelRoot(portableCrypto, chain.history.at(-1)!));
  });

  test("leaves nothing of deleted keys on disk", async () => {
    const kv = createMemoryStore();
    const chain = await createChain(kv, {});
    for (let round = 0; round < 5; round++) {
      await chain.block(new Map(Array.from({ length: 300 }, (_, i) => [`k/${round}/${i}`, bytes("x")])), 2);
      await chain.block(new Map(Array.from({ length: 300 }, (_, i) => [`k/${round}/${i}`, undefined])), 0);
    }
    expect((await recordsOf(kv, 0, 255)).map(([key]) => key)).toEqual([HEAD_KEY]);
    expect(chain.store.root).toEqual(new Uint8Array(32));
  });

  const one: Changes = new Map([["k", bytes("v")]]);
  test.each([
    ["a height that is not the next", (store: StateStore) => store.stage(3, one), "HeightOutOfOrder"],
    ["a height below the kept ones", (store: StateStore) => store.getAt(0, "k"), "VersionPruned"],
    ["a height above", (store: StateStore) => store.prove(2, "k"), "VersionPruned"],
  ])("refuses %s", async (_, ask, code) => {
    const kv = createMemoryStore();
    const store = await openStateStore({ kv, crypto: portableCrypto, keepVersions: 1 });
    await kv.write(store.stage(1, one).writes);
    store.settled(1);
    expect(() => ask(store)).toThrow(expect.objectContaining({ code }));
  });

  test.each(["", "é", "line\nbreak", "x".repeat(1025)])("refuses the key %j and stays as it was", async (key) => {
    const store = await openStateStore({ kv: createMemoryStore(), crypto: portableCrypto });
    const before = store.root;
    expect(() => store.stage(1, new Map([...one, [key, bytes("v")]]))).toThrow(RangeError);
    expect([store.height, store.root]).toEqual([0, before]);
    expect(store.stage(1, one).root).toEqual(modelRoot(portableCrypto, changed(new Map(), one)));
  });

  test("tells what a block deleted before that is on the disk, without a cache too", async () => {
    const kv = createMemoryStore();
    const store = await openStateStore({ kv, crypto: portableCrypto, cacheBytes: 0 });
    await kv.write(store.stage(1, new Map([["k", bytes("there")]])).writes);
    store.settled(1);
    const { writes } = store.stage(2, new Map([["k", undefined]]));
    expect([store.get("k"), store.getAt(1, "k")]).toEqual([undefined, bytes("there")]);
    await kv.write(writes);
    store.settled(2);
    expect(store.get("k")).toBeUndefined();
  });

  test("reads short values from the log when it has many keys, from when it is opened with them on, and others from the records", async () => {
    const kv = createMemoryStore();
    const lengths = [0, 1, 128, 129, 1000];
    const values = new Map(lengths.map((length) => [`k/${length}`, new Uint8Array(length).fill(7)]));
    const options = { crypto: portableCrypto, cacheBytes: 0, valuesFrom: lengths.length };
    const asked: string[] = [];
    const watched: KeyValueStore = {
      ...kv,
      get(key) {
        if (key.length > 1) asked.push(String.fromCharCode(...key.subarray(1)));
        return kv.get(key);
      },
    };
    const read = (store: StateStore) => {
      asked.length = 0;
      for (const [key, value] of values) expect(store.get(key)).toEqual(value);
      expect(store.get("k/2")).toBeUndefined();
      return [...asked];
    };
    const first = await openStateStore({ ...options, kv: watched });
    await kv.write(first.stage(1, values).writes);
    first.settled(1);
    expect(read(first)).toEqual(["k/0", "k/1", "k/128", "k/129", "k/1000"]);

    let rebuilds = 0;
    const second = await openStateStore({ ...options, kv: watched, onRebuild: () => rebuilds++ });
    expect([second.root, rebuilds]).toEqual([first.root, 1]);
    expect(read(second)).toEqual(["k/129", "k/1000"]);
    values.delete("k/0");
    await kv.write(second.stage(2, new Map([["k/0", undefined]])).writes);
    second.settled(2);
    const third = await openStateStore({ ...options, kv: watched, onRebuild: () => rebuilds++ });
    expect([third.root, rebuilds]).toEqual([second.root, 1]);
    expect(read(third)).toEqual(["k/129", "k/1000"]);
  });

  test("keeps as many versions as it is told to", async () => {
    const chain = await createChain(createMemoryStore(), { keepVersions: 3 });
    const oldest: number[] = [];
    for (let height = 1; height <= 5; height++) {
      await chain.block(new Map([["k", bytes(`${height}`)]]), 0);
      oldest.push(chain.store.oldestHeight);
    }
    expect(oldest).toEqual([0, 0, 1, 2, 3]);
  });

  test("keeps what is on the disk, however many versions are on their way there", async () => {
    const store = await openStateStore({ kv: createMemoryStore(), crypto: portableCrypto, keepVersions: 1 });
    const oldest = [1, 2, 3].map((height) => {
      store.stage(height, new Map([["k", bytes(`${height}`)]]));
      return store.oldestHeight;
    });
    expect(oldest).toEqual([0, 0, 0]);
    store.settled(2);
    expect(store.oldestHeight).toBe(2);
    expect(store.getAt(2, "k")).toEqual(bytes("2"));
  });

  test("keeps fewer versions when they are large", async () => {
    const chain = await createChain(createMemoryStore(), {});
    for (let height = 0; height < 5; height++) {
      await chain.block(new Map(Array.from({ length: 3 }, (_, i) => [`video/${i}`, new Uint8Array(8 * 2 ** 20)])), 0);
    }
    // The values before blocks 4 and 5 fit into 64 MiB, those before block 3 no more.
    expect(chain.store.oldestHeight).toBe(3);
  });
});
