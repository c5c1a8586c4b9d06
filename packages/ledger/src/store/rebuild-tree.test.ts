import { describe, expect, test } from "vitest";
import { portableCrypto } from "../crypto/portable.ts";
import type { KeyValueStore } from "./kv.ts";
import { createMemoryStore } from "./memory.ts";
import { HEAD_KEY, readHead, valueKey } from "./state-head.ts";
import { openStateStore } from "./state-store.ts";
import { modelRoot } from "./state-tree.model.ts";
import { bytes, changed, recordsOf } from "./testing/state-chain.ts";

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

  test.each([
    ["short and all read from records", 10, Number.POSITIVE_INFINITY],
    ["long, in a state that keeps short ones in its log", 200, 0],
  ])(
    "refuses the value of a record that is lost, older or another, as whoever reads or changes it hears: values are %s",
    async (_, length, valuesFrom) => {
      const kv = createMemoryStore();
      const options = { kv, crypto: portableCrypto, valuesFrom };
      const all = (text: string, from: number) =>
        new Map(Array.from({ length: 20 - from }, (_, i) => [`k/${from + i}`, bytes(text.repeat(length))]));
      const first = await openStateStore(options);
      await kv.write(first.stage(1, all("a", 0)).writes);
      const [older, other, gone] = [1, 2, 3].map((i) => kv.get(valueKey(`k/${i}`)));
      await kv.write(first.stage(2, new Map([...all("b", 1), ["k/3", undefined]])).writes);
      // No checksum tells of these: the disk has lost writes, or a bit of a key.
      await kv.write([
        { key: valueKey("k/0"), value: undefined },
        { key: valueKey("k/1"), value: older },
        { key: valueKey("k/2"), value: other!.with(0, 99) },
        { key: valueKey("k/3"), value: gone },
      ]);
      const store = await openStateStore(options);
      for (const key of ["k/0", "k/1", "k/2"]) {
        const refusal = expect.objectContaining({ code: "StateCorrupt", message: expect.stringContaining("restore this node") });
        expect(() => store.get(key)).toThrow(refusal);
        expect(() => store.getAt(2, key)).toThrow(refusal);
      }
      expect([store.get("k/3"), store.get("k/4")]).toEqual([undefined, bytes("b".repeat(length))]);
      expect(() => store.stage(3, new Map([["k/1", bytes("c")]]))).toThrow(expect.objectContaining({ code: "StateCorrupt" }));
    },
  );

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
