import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { portableCrypto } from "../crypto/portable.ts";
import { openState } from "../testing/state-opening.ts";
import type { KeyValueStore, Write } from "./kv.ts";
import { createMemoryStore } from "./memory.ts";
import { decodeStateProof, encodeStateProof, verifyStateProof } from "./proof.ts";
import { HEAD_KEY } from "./state-head.ts";
import { openStateStore, type StateStore, type StateStoreOptions } from "./state-store.ts";
import { chosenPathCrypto, modelRoot } from "./state-tree.model.ts";

type Values = ReadonlyMap<string, Uint8Array>;
type Changes = ReadonlyMap<string, Uint8Array | undefined>;

const bytes = (text: string) => Uint8Array.from([...text].map((character) => character.charCodeAt(0)));

function changed(values: Values, changes: Changes): Values {
  const next = new Map(values);
  for (const [key, value] of changes) {
    if (value === undefined) next.delete(key);
    else next.set(key, value);
  }
  return next;
}

async function recordsOf(kv: KeyValueStore, gte: number, lt: number): Promise<(readonly [Uint8Array, Uint8Array])[]> {
  const records: (readonly [Uint8Array, Uint8Array])[] = [];
  for await (const record of kv.range({ gte: Uint8Array.of(gte), lt: Uint8Array.of(lt) })) records.push(record);
  return records;
}

/** A store driven like a node drives it: blocks are staged ahead of their writes, which resolve later and in order. */
async function createChain(kv: KeyValueStore, options: Partial<StateStoreOptions>) {
  const crypto = chosenPathCrypto;
  let store = await openStateStore({ kv, crypto, ...options });
  let unwritten: { height: number; writes: readonly Write[] }[] = [];
  const history: Values[] = [new Map()];
  const writeBut = async (count: number) => {
    while (unwritten.length > count) {
      const { height, writes } = unwritten.shift()!;
      await kv.write(writes);
      store.settled(height);
    }
  };
  return {
    history,
    get store(): StateStore {
      return store;
    },
    async block(changes: Changes, ahead: number) {
      const { writes } = store.stage(history.length, changes);
      unwritten.push({ height: history.length, writes });
      history.push(changed(history.at(-1)!, changes));
      await writeBut(ahead);
    },
    /** Stops cleanly and starts again. */
    async restart() {
      await writeBut(0);
      await kv.write(store.summary());
      store = await openStateStore({ kv, crypto, ...options });
    },
    /** Ends the process without warning: what was not written is lost. */
    async crash() {
      history.length -= unwritten.length;
      unwritten = [];
      store = await openStateStore({ kv, crypto, ...options });
    },
  };
}

/** The store says about every key at every kept height what the history says, and proves it. */
function checkVersions(store: StateStore, history: readonly Values[], keys: readonly string[], oldestHeight: number): void {
  expect(store.height).toBe(history.length - 1);
  expect(store.keyCount).toBe(history.at(-1)!.size);
  for (let height = oldestHeight; height <= store.height; height++) {
    const values = history[height]!;
    const root = modelRoot(chosenPathCrypto, values);
    if (height === store.height) expect(store.root).toEqual(root);
    for (const key of keys) {
      const value = values.get(key);
      expect(store.getAt(height, key)).toEqual(value);
      if (height === store.height) expect(store.get(key)).toEqual(value);
      const proof = decodeStateProof(encodeStateProof(store.prove(height, key)))!;
      expect(verifyStateProof({ crypto: chosenPathCrypto, root, key, value, proof })).toBe(true);
      expect(verifyStateProof({ crypto: chosenPathCrypto, root, key, value: bytes("forged"), proof })).toBe(false);
    }
  }
}

// Paths that meet at every depth: chosen ones with long common beginnings among common ones.
const KEYS = [
  ...Array.from({ length: 60 }, (_, i) => `accounts/${i}`),
  ...Array.from({ length: 40 }, (_, i) => `#${"0".repeat(i)}${(i % 15) + 1}`),
  ...Array.from({ length: 16 }, (_, i) => `#${"f".repeat(63)}${i.toString(16)}`),
  `#${"0".repeat(63)}1`,
  `#${"0".repeat(64)}`,
];

const change = fc.tuple(
  fc.constantFrom(...KEYS),
  fc.option(fc.string({ maxLength: 6, unit: "grapheme-ascii" }), { nil: undefined, freq: 2 }),
);
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
        async (acts, keepVersions, roomy) => {
          const chain = await createChain(createMemoryStore(), { keepVersions, cacheBytes: roomy ? 2 ** 20 : 3000 });
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
      { numRuns: 150 },
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

  test("keeps fewer versions when they are large", async () => {
    const chain = await createChain(createMemoryStore(), {});
    for (let height = 0; height < 5; height++) {
      await chain.block(new Map(Array.from({ length: 3 }, (_, i) => [`video/${i}`, new Uint8Array(8 * 2 ** 20)])), 0);
    }
    // The values before blocks 4 and 5 fit into 64 MiB, those before block 3 no more.
    expect(chain.store.oldestHeight).toBe(3);
  });
});

describe("the summary of a clean stop", () => {
  const values = (from: number) => new Map(Array.from({ length: 30_000 }, (_, i) => [`k/${from + i}`, bytes(`${i}`)]));

  test("spares an opening the buckets, at its own height only, and only if it is right", async () => {
    const kv = createMemoryStore();
    const store = await openStateStore({ kv, crypto: portableCrypto });
    await kv.write(store.stage(1, values(0)).writes);
    await kv.write(store.summary());
    const { state, readsBuckets } = await openState(kv);
    expect([state.root, state.keyCount, readsBuckets]).toEqual([store.root, 30_000, false]);

    await kv.write(state.stage(2, new Map([["k/1", undefined]])).writes);
    const after = await openState(kv);
    expect([after.state.root, after.state.keyCount, after.readsBuckets]).toEqual([state.root, 29_999, true]);

    await kv.write(after.state.summary());
    const page = Uint8Array.of(0x75, 0, 0, 0, 0);
    await kv.write([{ key: page, value: kv.get(page)!.map((byte, i) => (i === 30 ? byte ^ 1 : byte)) }]);
    const damaged = await openState(kv);
    expect([damaged.state.root, damaged.readsBuckets]).toEqual([state.root, true]);
  });
});

describe("a damaged store", () => {
  /** Every record of a store of 200 keys, altered in one of the ways below, must be noticed at the opening or at the first use. */
  const damages: readonly [string, (value: Uint8Array) => Uint8Array | undefined][] = [
    ["lost", () => undefined],
    ["cut short", (value) => value.subarray(0, value.length - 1)],
    ["one bit other", (value) => value.map((byte, i) => (i === 20 ? byte ^ 1 : byte))],
  ];
  test.each(damages)("is refused when a record of the tree is %s", async (_, damage) => {
    const kv = createMemoryStore();
    const store = await openStateStore({ kv, crypto: portableCrypto });
    await kv.write(store.stage(1, new Map(Array.from({ length: 200 }, (_, i) => [`k/${i}`, bytes(`${i}`)]))).writes);
    const records = await recordsOf(kv, 0x74, 0x75);
    for (const [key, value] of [[HEAD_KEY, kv.get(HEAD_KEY)!] as const, ...records]) {
      if (key === HEAD_KEY && damage(value) === undefined) continue;
      await kv.write([{ key, value: damage(value) }]);
      await expect(openStateStore({ kv, crypto: portableCrypto })).rejects.toMatchObject({ name: "StoreError", code: "StateCorrupt" });
      await kv.write([{ key, value }]);
    }
    await expect(openStateStore({ kv, crypto: portableCrypto })).resolves.toMatchObject({ height: 1, keyCount: 200 });
  });

  test("is refused when its format is of another version", async () => {
    const kv = createMemoryStore();
    await kv.write([{ key: HEAD_KEY, value: Uint8Array.of(9) }]);
    await expect(openStateStore({ kv, crypto: portableCrypto })).rejects.toMatchObject({ code: "FormatUnknown" });
  });
});
