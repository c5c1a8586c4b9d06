import { describe, expect, test, vi } from "vitest";
import { equalBytes } from "../crypto/bytes.ts";
import { bytesToHex } from "../crypto/hex.ts";
import { portableCrypto as crypto } from "../crypto/portable.ts";
import { encodeUtf8 } from "../crypto/utf8.ts";
import type { KeyValueStore } from "./kv.ts";
import { createMemoryStore } from "./memory.ts";
import { restoreSnapshot } from "./restore-snapshot.ts";
import { exportSnapshot, type SnapshotManifest } from "./snapshot.ts";
import { HEAD_KEY, valueKey } from "./state-head.ts";
import { openStateStore, type StateReader } from "./state-store.ts";

const bytes = (text: string) => encodeUtf8(text)!;
const ranges = [
  { gte: bytes("m/"), lt: bytes("m0") },
  { gte: bytes("x"), lt: bytes("y") },
];

/** A store with `blocks` written as a node writes them, each with a record beside the state. */
async function createStoreOf(blocks: readonly ReadonlyMap<string, Uint8Array | undefined>[]): Promise<KeyValueStore> {
  const kv = createMemoryStore();
  const state = await openStateStore({ kv, crypto });
  for (const [i, changes] of blocks.entries()) {
    const { writes } = state.stage(i + 1, changes);
    const beside = [
      { key: bytes("m/block-time"), value: bytes(`${1000 + i}`) },
      { key: bytes(`x/${i}`), value: bytes("seen") },
      { key: bytes(`b/${i}`), value: bytes("a block, not part of a snapshot") },
    ];
    await kv.write([...writes, ...beside]);
    state.settled(i + 1);
  }
  return kv;
}

const numbered = (from: number, to: number, size: number) =>
  new Map(Array.from({ length: to - from }, (_, i) => [`objects/${from + i}`, new Uint8Array(size).fill(from + i)]));
const deleted = (from: number, to: number) => new Map(Array.from({ length: to - from }, (_, i) => [`objects/${from + i}`, undefined]));

async function snapshotOf(kv: KeyValueStore, height: number): Promise<{ manifest: SnapshotManifest; chunks: Uint8Array[] }> {
  const chunks: Uint8Array[] = [];
  const manifest = await exportSnapshot({ kv, crypto, height, ranges, keep: async (chunk) => void chunks.push(chunk) });
  return { manifest, chunks };
}

/** What a store holds, without blocks and without the head, which tells of a log that may lie otherwise. */
async function recordsOf(kv: KeyValueStore): Promise<Map<string, string>> {
  const records = new Map<string, string>();
  for await (const [key, value] of kv.range({ gte: bytes("\0"), lt: Uint8Array.of(0xff) })) {
    if (key[0] !== 0x62 && !equalBytes(key, HEAD_KEY)) records.set(bytesToHex(key), bytesToHex(crypto.sha256(value)));
  }
  return records;
}

/** 30 MB in values of 100 KB, so that records lie across chunks. */
const large = [numbered(0, 200, 100_000), deleted(20, 40), numbered(200, 320, 100_000)];
const small = [numbered(0, 500, 40), deleted(0, 100), numbered(50, 90, 10)];

describe("a snapshot", () => {
  test.each([
    ["of several chunks", large, 4],
    ["of one chunk", small, 1],
    ["of an empty state", [new Map()], 1],
  ])("%s gives the same root and records when restored", async (_, blocks, chunkCount) => {
    const kv = await createStoreOf(blocks);
    const { manifest, chunks } = await snapshotOf(kv, blocks.length);
    expect([chunks.length, chunks.every(({ length }) => length <= 8 * 2 ** 20)]).toEqual([chunkCount, true]);

    const restored = createMemoryStore();
    await restoreSnapshot({ kv: restored, crypto, manifest, ranges, chunks });
    expect(await recordsOf(restored)).toEqual(await recordsOf(kv));
    const [before, after] = [await openStateStore({ kv, crypto }), await openStateStore({ kv: restored, crypto })];
    expect([after.height, after.keyCount, after.root]).toEqual([blocks.length, before.keyCount, before.root]);
    expect((await snapshotOf(restored, blocks.length)).manifest).toEqual(manifest);
  });

  test("does not show how the state came about", async () => {
    const direct = [numbered(100, 500, 40), numbered(50, 90, 10), new Map()];
    expect((await snapshotOf(await createStoreOf(direct), 3)).manifest).toEqual((await snapshotOf(await createStoreOf(small), 3)).manifest);
  });

  test("stays at its height while blocks are written", async () => {
    const kv = await createStoreOf(small);
    const { manifest } = await snapshotOf(kv, 3);
    const state = await openStateStore({ kv, crypto });
    const underway = snapshotOf(kv, 3);
    for (const height of [4, 5]) {
      await kv.write([...state.stage(height, numbered(0, 300, height)).writes, { key: bytes("m/block-time"), value: bytes("later") }]);
      state.settled(height);
    }
    expect((await underway).manifest).toEqual(manifest);
    await expect(snapshotOf(kv, 3)).rejects.toMatchObject({ code: "SnapshotHeightPassed" });
  });

  test("of a store without a state is none yet", async () => {
    await expect(snapshotOf(createMemoryStore(), 0)).rejects.toMatchObject({ code: "SnapshotHeightPassed" });
  });

  test("is refused where the disk has lost a value", async () => {
    const kv = await createStoreOf(small);
    await kv.write([{ key: valueKey("objects/300"), value: undefined }]);
    await expect(snapshotOf(kv, 3)).rejects.toMatchObject({ code: "StateCorrupt", message: expect.stringContaining("lost records") });
  });

  test("has the first key of a range, too", async () => {
    const kv = await createStoreOf(small);
    await kv.write([{ key: ranges[1]!.gte, value: bytes("first") }]);
    const { manifest, chunks } = await snapshotOf(kv, 3);
    const restored = createMemoryStore();
    await restoreSnapshot({ kv: restored, crypto, manifest, ranges, chunks });
    expect(restored.get(ranges[1]!.gte)).toEqual(bytes("first"));
  });

  test("is of one height when a block comes between its views", async () => {
    const kv = await createStoreOf(small);
    const other = await createStoreOf([...small, numbered(0, 3, 3)]);
    let now = kv;
    const changing: KeyValueStore = {
      ...kv,
      get: (key) => now.get(key),
      range(options) {
        const view = now.range(options);
        now = other;
        return view;
      },
    };
    expect((await snapshotOf(changing, 4)).manifest).toEqual((await snapshotOf(other, 4)).manifest);
  });
});

describe("a restore", () => {
  type Snapshot = Awaited<ReturnType<typeof snapshotOf>>;
  /** Changes the first value, which begins behind 6 bytes of lengths and a key of 12. */
  const flip = (chunk: Uint8Array) => chunk.map((byte, i) => (i === 18 ? byte ^ 1 : byte));
  /** A snapshot of other chunks whose hashes are right. */
  const forge = ({ manifest }: Snapshot, chunks: Uint8Array[]): Snapshot => ({
    manifest: { ...manifest, chunks: chunks.map((chunk) => bytesToHex(crypto.sha256(chunk))) },
    chunks,
  });
  const withoutLast = ({ manifest, chunks }: Snapshot): Snapshot => ({ manifest, chunks: chunks.slice(0, -1) });
  /** Two chunks, the second with the last record alone: "x/2" and "seen" with their lengths. */
  const cutBesideState = ({ chunks: [chunk] }: Snapshot) => [chunk!.slice(0, -13), chunk!.slice(-13)];
  const record = (key: string, value: string) => Uint8Array.of(0, key.length, 0, 0, 0, value.length, ...bytes(key + value));

  const flipLast = (chunk: Uint8Array) => chunk.map((byte, i) => (i === chunk.length - 1 ? byte ^ 1 : byte));
  const [stranger, missing, order] = ["is not the one of the manifest", "chunks are missing at its end", "out of order or not part of it"];
  const otherRoot = "its values do not have the manifest's root";
  const attacks: readonly [name: string, reason: string, (snapshot: Snapshot) => Snapshot][] = [
    ["a changed bit", stranger, ({ manifest, chunks }) => ({ manifest, chunks: chunks.map(flip) })],
    ["a changed bit beside the state", stranger, ({ manifest, chunks }) => ({ manifest, chunks: chunks.map(flipLast) })],
    ["a missing chunk", missing, ({ manifest, chunks }) => ({ manifest, chunks: chunks.slice(1) })],
    ["a chunk more", stranger, ({ manifest, chunks }) => ({ manifest, chunks: [...chunks, ...chunks] })],
    ["no last chunk, which holds nothing of the state", missing, (snapshot) => withoutLast(forge(snapshot, cutBesideState(snapshot)))],
    ["another root", otherRoot, ({ manifest, chunks }) => ({ manifest: { ...manifest, root: "00".repeat(32) }, chunks })],
    ["another key count", otherRoot, ({ manifest, chunks }) => ({ manifest: { ...manifest, keyCount: 1 }, chunks })],
    ["a changed value", otherRoot, (snapshot) => forge(snapshot, snapshot.chunks.map(flip))],
    ["a cut last record", missing, (snapshot) => forge(snapshot, [snapshot.chunks[0]!.slice(0, -1)])],
    ["a value more", otherRoot, (snapshot) => forge(snapshot, [record("sa", "x"), ...snapshot.chunks])],
    ["a record of another's", order, (snapshot) => forge(snapshot, [...snapshot.chunks, record("b/9", "a block")])],
    ["a record just behind a range", order, (snapshot) => forge(snapshot, [...snapshot.chunks, record("y", "x")])],
    ["a bucket of the tree", order, (snapshot) => forge(snapshot, [...snapshot.chunks, record("t", "x")])],
    ["records out of order", order, (snapshot) => forge(snapshot, [...snapshot.chunks, record("x/0", "x")])],
    ["a record twice", order, (snapshot) => forge(snapshot, [...snapshot.chunks, record("x/2", "x")])],
    ["a value behind what is beside the state", order, (snapshot) => forge(snapshot, [...snapshot.chunks, record("szz", "x")])],
    ["a state key that is none", "not printable ASCII", (snapshot) => forge(snapshot, [record("s\x7f", "x")])],
    ["a value above 64 MiB", "a value of 67108865 bytes", (snapshot) => forge(snapshot, [Uint8Array.of(0, 2, 4, 0, 0, 1, 115, 32)])],
    ["a value of 64 MiB that is not there", missing, (snapshot) => forge(snapshot, [Uint8Array.of(0, 2, 4, 0, 0, 0, 115, 32)])],
    ["a huge length", "a value of 4294967295 bytes", (snapshot) => forge(snapshot, [Uint8Array.of(0, 2, 255, 255, 255, 255, 115, 32)])],
  ];
  test.each(attacks)("refuses %s and leaves a store that does not open", async (_, reason, attack) => {
    const { manifest, chunks } = attack(await snapshotOf(await createStoreOf(small), 3));
    const kv = createMemoryStore();
    const refused = restoreSnapshot({ kv, crypto, manifest, ranges, chunks });
    await expect(refused).rejects.toMatchObject({ code: "SnapshotInvalid", message: expect.stringContaining(reason) });
    await expect(openStateStore({ kv, crypto })).rejects.toMatchObject({ code: "RestoreUnfinished" });
  });

  test.each([
    ["when it is done", 1, async () => {}, undefined],
    ["when nobody can keep it", 1, async () => Promise.reject(new Error("no space left")), "no space left"],
    ["when another height is on disk", 2, async () => {}, "height 1 is on disk, not 2"],
  ])("lets go of every view of the disk %s", async (_, height, keep, failure) => {
    const kv = await createStoreOf([numbered(0, 10, 4)]);
    let open = 0;
    async function* counted(view: ReturnType<KeyValueStore["range"]>) {
      try {
        yield* view;
      } finally {
        open -= 1;
      }
    }
    let isFirst = true;
    const counting: KeyValueStore = {
      ...kv,
      // A block comes between the first views, which are given up, too.
      get: (key) => (isFirst && open > 0 ? new Uint8Array() : kv.get(key)),
      range(options) {
        open += 1;
        isFirst &&= open <= 1 + ranges.length;
        return counted(kv.range(options));
      },
    };
    const exporting = exportSnapshot({ kv: counting, crypto, height, ranges, keep });
    if (failure === undefined) await exporting;
    else await expect(exporting).rejects.toThrow(failure);
    await expect.poll(() => open).toBe(0);
  });

  test("counts only when the records beside the state fit it, all of which are there by then", async () => {
    const { manifest, chunks } = await snapshotOf(await createStoreOf(small), 3);
    const kv = createMemoryStore();
    const requireRecords = async (state: StateReader) => {
      expect([state.get("objects/200"), kv.get(bytes("x/2"))]).toEqual([new Uint8Array(40).fill(200), bytes("seen")]);
      throw new Error("they are of another chain");
    };
    await expect(restoreSnapshot({ kv, crypto, manifest, ranges, chunks, requireRecords })).rejects.toThrow("they are of another chain");
    await expect(openStateStore({ kv, crypto })).rejects.toMatchObject({ code: "RestoreUnfinished" });
  });

  test("brings further records in the very write by which it counts", async () => {
    const { manifest, chunks } = await snapshotOf(await createStoreOf(small), 3);
    const kv = createMemoryStore();
    const write = vi.spyOn(kv, "write");
    const withState = (state: StateReader) => [{ key: bytes("b"), value: state.get("objects/200")! }];
    await restoreSnapshot({ kv, crypto, manifest, ranges, chunks, withState });
    const keys = write.mock.lastCall![0].map((one) => "key" in one && one.key);
    expect(keys).toEqual([bytes("b"), HEAD_KEY]);
  });

  test("gives up the log that another state has left behind", async () => {
    const { manifest, chunks } = await snapshotOf(await createStoreOf(small), 3);
    const kv = createMemoryStore();
    const [far, byte] = [16 * 65_536, new Uint8Array(1)];
    await kv.write([{ position: 0, bytes: new Uint8Array(far + 1) }]);
    expect(kv.readLog(far, byte)).toBe(true);
    await restoreSnapshot({ kv, crypto, manifest, ranges, chunks });
    expect(kv.readLog(far, byte)).toBe(false);
  });

  test("that is interrupted leaves a store that does not open", async () => {
    const { manifest, chunks } = await snapshotOf(await createStoreOf(large), 3);
    const kv = createMemoryStore();
    function* interrupted() {
      yield chunks[0]!;
      throw new Error("the connection broke");
    }
    await expect(restoreSnapshot({ kv, crypto, manifest, ranges, chunks: interrupted() })).rejects.toThrow("the connection broke");
    await expect(openStateStore({ kv, crypto })).rejects.toThrow(/did not finish; delete the store and restore again/);
  });

  test("refuses a store that holds something, and a format it does not know", async () => {
    const kv = await createStoreOf(small);
    const { manifest, chunks } = await snapshotOf(kv, 3);
    await expect(restoreSnapshot({ kv, crypto, manifest, ranges, chunks })).rejects.toMatchObject({ code: "StoreNotEmpty" });
    const beside = createMemoryStore();
    await beside.write([{ key: bytes("x/0"), value: bytes("seen") }]);
    await expect(restoreSnapshot({ kv: beside, crypto, manifest, ranges, chunks })).rejects.toMatchObject({ code: "StoreNotEmpty" });
    const future = { ...manifest, format: 2 } as unknown as SnapshotManifest;
    const target = { kv: createMemoryStore(), crypto, manifest: future, ranges, chunks };
    await expect(restoreSnapshot(target)).rejects.toMatchObject({ code: "FormatUnknown" });
  });
});
