import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { portableCrypto } from "../crypto/portable.ts";
import type { KeyValueStore } from "./kv.ts";
import { createMemoryStore } from "./memory.ts";
import { HEAD_KEY, headWrite, readHead, valueKey } from "./state-head.ts";
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
    expect(read(first)).toEqual(["k/0", "k/1", "k/128", "k/129", "k/1000", "k/2"]);

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

describe("the log of the tree", () => {
  const count = 3000;
  const key = (i: number) => `vault/objects/${i}`;
  const random = (seed: number) => Math.imul(seed, 0x9e3779b1) >>> 8;
  const churn = (round: number) =>
    new Map(Array.from({ length: 300 }, (_, i) => [key(random(300 * round + i) % count), bytes(`${round}`)]));

  test.each([
    ["with values", 0],
    ["without values", Number.POSITIVE_INFINITY],
  ])("stays within its room %s, is read where it is not in memory, and gives the tree again after a crash", async (_, valuesFrom) => {
    const kv = createMemoryStore();
    let [reads, lowest, highest] = [0, 0, 0];
    const watched: KeyValueStore = {
      ...kv,
      readLog(position, target) {
        reads += 1;
        expect(position).toBeGreaterThanOrEqual(lowest);
        return kv.readLog(position, target);
      },
      write(batch) {
        for (const write of batch) {
          if ("dropBefore" in write) lowest = write.dropBefore;
          if ("position" in write) highest = write.position + write.bytes.length;
        }
        return kv.write(batch);
      },
    };
    const chain = await createChain(watched, { keepVersions: 3, cacheBytes: 4 * 65_536, valuesFrom });
    await chain.block(new Map(Array.from({ length: count }, (_, i) => [key(i), bytes("first")])), 0);
    const sizes: number[] = [];
    for (let round = 1; round <= 60; round++) {
      await chain.block(churn(round), round % 4);
      sizes.push(highest - lowest);
      if (round % 20 === 10) await chain.crash();
    }
    expect(chain.store.root).toEqual(modelRoot(portableCrypto, chain.history.at(-1)!));
    expect(reads).toBeGreaterThan(1000);
    expect(lowest).toBeGreaterThan(10 * 65_536);
    // Of 7 MB that were written: twice the 230 KB of some 650 buckets, and what six blocks wrote that are kept or under way.
    expect(Math.max(...sizes)).toBeLessThan(1_500_000);
    checkVersions(chain.store, chain.history, [0, 1, 700, 2999, 3000].map(key), chain.store.oldestHeight);
    // Also what lies on pages that were cleaned since.
    for (let i = 0; i < count; i++) expect(() => chain.store.prove(chain.store.oldestHeight, key(i))).not.toThrow();
  });

  test.each([
    ["without many keys, as the stores before 0020 have it", Number.POSITIVE_INFINITY, [0, 0], []],
    ["with many, and its value", 0, [28, 0], [3, 0, 0, 0, ...bytes("abc"), 0]],
  ])("has a key of a state %s", async (_, valuesFrom, words, value) => {
    const kv = createMemoryStore();
    const store = await openStateStore({ kv, crypto: portableCrypto, valuesFrom });
    await kv.write(store.stage(1, new Map([["k", bytes("abc")]])).writes);
    const log = new Uint8Array(readHead(kv.get(HEAD_KEY)!).log!.end);
    kv.readLog(0, log);
    const leaf = [...portableCrypto.sha256(bytes("k")), ...portableCrypto.sha256(bytes("abc"))];
    expect([...log.subarray(0, -4)]).toEqual([2, 0, ...words, ...store.root, ...leaf, ...value]);
    expect(new DataView(log.buffer).getUint32(log.length - 4, true)).toBe(crc32(log.subarray(0, -4)));
  });

  test("goes on beyond 32 bits", async () => {
    const kv = createMemoryStore();
    const store = await openStateStore({ kv, crypto: portableCrypto });
    await kv.write(store.stage(1, churn(1)).writes);
    const head = readHead(kv.get(HEAD_KEY)!);
    const far = 3 * 2 ** 32 - 65_536;
    const log = new Uint8Array(head.log!.end);
    kv.readLog(0, log);
    await kv.write([{ position: far, bytes: log }, headWrite({ ...head, log: { from: far, end: far + log.length } }), { dropBefore: far }]);
    const chain = await createChain(kv, { cacheBytes: 0 });
    for (let round = 2; round <= 6; round++) await kv.write(chain.store.stage(round, churn(round)).writes);
    const [before] = [chain.store];
    await chain.crash();
    expect(readHead(kv.get(HEAD_KEY)!).log!.end).toBeGreaterThan(3 * 2 ** 32);
    expect(chain.store.root).toEqual(before.root);
  });
});

describe("a damaged store", () => {
  const changes = new Map(Array.from({ length: 200 }, (_, i) => [`k/${i}`, bytes(`${i}`)]));

  async function createStore(): Promise<{ kv: KeyValueStore; root: Uint8Array }> {
    const kv = createMemoryStore();
    const store = await openStateStore({ kv, crypto: portableCrypto });
    await kv.write(store.stage(1, changes).writes);
    return { kv, root: store.root };
  }

  const flip = (value: Uint8Array) => value.map((byte, i) => (i === 20 ? byte ^ 1 : byte));
  /** What a disk may do to the log, of which it gives the changed bytes; the values are as they were. */
  const damages: readonly (readonly [string, (kv: KeyValueStore, log: Uint8Array) => Promise<void>])[] = [
    ["lacks its end", (kv, log) => kv.write([{ dropBefore: 65_536 }, { position: 0, bytes: log.subarray(0, log.length - 9) }])],
    ["is lost", (kv) => kv.write([{ dropBefore: Number.MAX_SAFE_INTEGER }])],
    ["has zeros at its end", (kv, log) => kv.write([{ position: log.length - 1000, bytes: new Uint8Array(1000) }])],
    ...[0, 1, 3, 5, 40, 120, 700, 2000].map(
      (at) =>
        [
          `has a bit changed at byte ${at}`,
          (kv: KeyValueStore, log: Uint8Array) => kv.write([{ position: at, bytes: Uint8Array.of(log[at]! ^ 1) }]),
        ] as const,
    ),
    ["is of a store that was deleted", (kv, log) => kv.write([{ position: 0, bytes: log.map((_, i) => log[(i + 400) % log.length]!) }])],
  ];
  test.each(damages)("makes its tree anew when the log %s", async (_, damage) => {
    const { kv, root } = await createStore();
    const log = new Uint8Array(readHead(kv.get(HEAD_KEY)!).log!.end);
    kv.readLog(0, log);
    await damage(kv, log);
    const mended = await openStateStore({ kv, crypto: portableCrypto });
    expect([mended.height, mended.keyCount, mended.root]).toEqual([1, 200, root]);
    const next = new Map([
      ["k/1", undefined],
      ["k/2", bytes("new")],
    ]);
    await kv.write(mended.stage(2, next).writes);
    const again = await openStateStore({
      kv: { ...kv, range: () => expect.unreachable("the log is whole again") },
      crypto: portableCrypto,
    });
    expect(again.root).toEqual(modelRoot(portableCrypto, changed(changes, next)));
  });

  test("makes its tree anew although it was interrupted when it did so", async () => {
    const { kv, root } = await createStore();
    await kv.write([{ dropBefore: Number.MAX_SAFE_INTEGER }]);
    for (let writes = 0; writes < 2; writes++) {
      let left = writes;
      const ending: KeyValueStore = {
        ...kv,
        write: (batch) => (left-- > 0 ? kv.write(batch) : Promise.reject(new Error("the power is gone"))),
      };
      await expect(openStateStore({ kv: ending, crypto: portableCrypto })).rejects.toThrow("the power is gone");
    }
    expect((await openStateStore({ kv, crypto: portableCrypto })).root).toEqual(root);
  });

  test("refuses a bucket that changed on the disk while the node runs", async () => {
    const kv = createMemoryStore();
    const store = await openStateStore({ kv, crypto: portableCrypto, cacheBytes: 0 });
    const all = new Map(Array.from({ length: 3000 }, (_, i) => [`k/${i}`, bytes(`${i}`)]));
    await kv.write(store.stage(1, all).writes);
    store.settled(1);
    // The next block takes the memory of the first.
    await kv.write(store.stage(2, new Map([...all].slice(0, 500).map(([key]) => [key, bytes("x")]))).writes);
    store.settled(2);
    const log = new Uint8Array(65_536);
    kv.readLog(0, log);
    // One bit of a leaf in each record, whose root hash stays right.
    for (let at = 0; log[at]! > 0; at += 40 + 64 * (log[at]! - 1)) log[at + 41]! ^= 1;
    await kv.write([{ position: 0, bytes: log }]);
    const refusal = { code: "StateCorrupt", message: expect.stringContaining("start the node again") };
    expect(() => store.stage(3, all)).toThrow(expect.objectContaining(refusal));
    expect((await openStateStore({ kv, crypto: portableCrypto })).height).toBe(2);
  });

  test("refuses values that changed in the log while the node runs", async () => {
    const kv = createMemoryStore();
    const all = new Map(Array.from({ length: 3000 }, (_, i) => [`k/${i}`, bytes(`the value ${i}`)]));
    const store = await openStateStore({ kv, crypto: portableCrypto, cacheBytes: 0, valuesFrom: 0 });
    await kv.write(store.stage(1, all).writes);
    store.settled(1);
    // The next block takes the memory of the first.
    await kv.write(store.stage(2, new Map([...all].slice(0, 500))).writes);
    store.settled(2);
    const log = new Uint8Array(65_536);
    kv.readLog(0, log);
    const places = [...String.fromCharCode(...log).matchAll(/the value/g)];
    await kv.write(places.map(({ index }) => ({ position: index, bytes: bytes("die") })));
    let refused = 0;
    for (const [key, value] of all) {
      try {
        expect(store.get(key)).toEqual(value);
      } catch (error) {
        expect(error).toMatchObject({ code: "StateCorrupt" });
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  const damagedRecords: readonly [string, (value: Uint8Array) => Uint8Array | undefined][] = [
    ["lost", () => undefined],
    ["another", (value) => flip(new Uint8Array([...value, ...new Uint8Array(30)]))],
  ];
  test.each(damagedRecords)("is refused when the log and a value are %s", async (_, damage) => {
    const { kv } = await createStore();
    const key = valueKey("k/7");
    await kv.write([{ key, value: damage(kv.get(key)!) }, { dropBefore: Number.MAX_SAFE_INTEGER }]);
    await expect(openStateStore({ kv, crypto: portableCrypto })).rejects.toMatchObject({ name: "StoreError", code: "StateCorrupt" });
  });

  test.each([
    ["cut short", (value: Uint8Array) => value.subarray(0, value.length - 1)],
    ["one bit other", flip],
    ["of one key more", (value: Uint8Array) => value.map((byte, i) => (i === 16 ? byte + 1 : byte))],
  ])("is refused when its head is %s", async (_, damage) => {
    const { kv } = await createStore();
    await kv.write([{ key: HEAD_KEY, value: damage(kv.get(HEAD_KEY)!) }]);
    await expect(openStateStore({ kv, crypto: portableCrypto })).rejects.toMatchObject({ name: "StoreError", code: "StateCorrupt" });
  });

  test("is refused when its format is of another version", async () => {
    const kv = createMemoryStore();
    await kv.write([{ key: HEAD_KEY, value: Uint8Array.of(9) }]);
    await expect(openStateStore({ kv, crypto: portableCrypto })).rejects.toMatchObject({ code: "FormatUnknown" });
  });
});

describe("a store of the format before, with its tree among the records", () => {
  test("is opened, and holds nothing of that tree any more", async () => {
    const kv = createMemoryStore();
    const store = await openStateStore({ kv, crypto: portableCrypto });
    const changes = new Map(Array.from({ length: 200 }, (_, i) => [`k/${i}`, bytes(`${i}`)]));
    await kv.write(store.stage(1, changes).writes);
    const head = Uint8Array.of(1, ...kv.get(HEAD_KEY)!.subarray(1, 49));
    const bucket = { key: bytes("t\x80"), value: bytes("a bucket") };
    await kv.write([
      { key: HEAD_KEY, value: head },
      { dropBefore: Number.MAX_SAFE_INTEGER },
      bucket,
      { key: bytes("u\0\0\0\0"), value: bytes("a summary") },
    ]);

    const opened = await openStateStore({ kv, crypto: portableCrypto });
    expect([opened.height, opened.keyCount, opened.root]).toEqual([1, 200, store.root]);
    expect((await recordsOf(kv, 0x74, 0x76)).length).toBe(0);
    expect((await openStateStore({ kv, crypto: portableCrypto })).root).toEqual(store.root);
  });
});
