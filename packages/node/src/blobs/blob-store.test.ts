import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { StoreError } from "@galen/ledger/store/store-error";
import { MAX_BLOB_BYTES } from "@galen/ledger/tx/storage-receipts";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLevelStore } from "../store/level-store.ts";
import { type BlobFiles, openBlobFiles } from "./blob-files.ts";
import { openBlobStore } from "./blob-store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-blobs-"));
});
afterEach(() => rm(folder, { recursive: true }));

const small = Uint8Array.from([1, 2, 3]);
const large = new Uint8Array(200_000).map((_, i) => i % 251);

function open(files: BlobFiles = openBlobFiles(folder), kv = createMemoryStore()) {
  let now = 1_000;
  const pass = (ms: number) => {
    now += ms;
  };
  const store = openBlobStore({ kv, files, sha256: portableCrypto.sha256, now: () => now });
  return { store, kv, pass };
}

/** As the store tells of records whose checksum does not fit. */
const altering = (get: (key: Uint8Array) => Uint8Array | undefined) => (key: Uint8Array) => {
  if (get(key) !== undefined) throw new StoreError("StateCorrupt", "altered");
  return undefined;
};

async function filesIn(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe("the blob store", () => {
  it("gives back what it took, small and large, also after it is opened anew", async () => {
    const { store, kv } = open();
    const addresses = await store.put([small, large, small]);
    expect(addresses[0]).toBe(addresses[2]);
    const again = open(openBlobFiles(folder), kv).store;
    expect(await again.get(addresses[0]!)).toEqual(small);
    expect(Buffer.from(await again.get(addresses[1]!)).equals(large)).toBe(true);
  });

  it("tells what a blob takes in memory, and of one that it cannot read the most that any takes", async () => {
    const { store } = open();
    const [inRecord, inFile, gone] = await store.put([small, large, large.slice(1)]);
    await rm(join(folder, gone!.slice(0, 2), gone!));
    const sizes = await Promise.all([inRecord!, inFile!, gone!, "ab".repeat(32)].map(store.sizeBytes));
    expect(sizes).toEqual([3, 200_000, MAX_BLOB_BYTES, MAX_BLOB_BYTES]);
  });

  it("keeps named blobs and sweeps those that no transaction names", async () => {
    const { store, pass } = open();
    const [kept, swept] = await store.put([large, small]);
    await store.reference([kept!]);
    pass(5_000);
    const [late] = await store.put([Uint8Array.of(9)]);
    expect(await store.sweep(2_000)).toBe(1);
    expect([store.has(kept!), store.has(swept!), store.has(late!)]).toEqual([true, false, true]);
    expect(await store.sweep(2_000)).toBe(0);
  });

  it.each([
    ["small", small],
    ["large", large],
  ])("takes a %s blob whose record the disk has altered for one that is gone, until it is restored or erased", async (_, blob) => {
    const kv = createMemoryStore();
    const { store } = open(openBlobFiles(folder), kv);
    const [address] = await store.put([blob]);
    await store.reference([address!]);
    const altered = { ...kv, get: altering(kv.get) };
    const damaged = open(openBlobFiles(folder), altered).store;
    // What lies in a file of its own is still there, and still has its address.
    if (blob === small) await expect(damaged.get(address!)).rejects.toMatchObject({ kind: { id: "blobs/Corrupt" } });
    else expect(Buffer.from(await damaged.get(address!)).equals(large)).toBe(true);
    expect(damaged.has(address!)).toBe(false);
    await expect(damaged.put([blob])).rejects.toMatchObject({ kind: { id: "blobs/Corrupt" } });
    await damaged.reference([address!]);
    expect(await damaged.sweep(10_000)).toBe(0);
    await damaged.restore([blob]);
    expect(Buffer.from(await store.get(address!)).equals(blob)).toBe(true);
    await damaged.delete([address!]);
    expect([store.has(address!), await filesIn(folder)]).toEqual([false, []]);
  });

  it("lists what transactions name, in the order of the addresses, from any of them on", async () => {
    const { store } = open();
    const blobs = Array.from({ length: 5 }, (_, i) => (i === 2 ? large : Uint8Array.of(i)));
    const addresses = await store.put(blobs);
    const [first, second, third] = addresses.slice(1, 4).toSorted((a, b) => (a < b ? -1 : 1));
    await store.reference([...addresses.slice(1, 4), "ab".repeat(32)]);
    expect(await store.namedAfter("", 2)).toEqual([first, second]);
    expect(await store.namedAfter(first!, 9)).toEqual([second, third]);
    expect(store.has("ab".repeat(32))).toBe(false);
  });

  it("keeps what is restored as named, whether it was lost or waits", async () => {
    const { store, pass } = open();
    const [waiting] = await store.put([small]);
    await store.restore([small, large]);
    pass(5_000);
    expect(await store.sweep(9_000)).toBe(0);
    const named = await store.namedAfter("", 9);
    expect(named).toContain(waiting);
    expect((await Promise.all(named.map((address) => store.get(address)))).map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([
      small.length,
      large.length,
    ]);
  });

  it("lets a blob that comes again wait anew for its transaction", async () => {
    const { store, pass } = open();
    const addresses = await store.put([large, small]);
    pass(5_000);
    await store.put([large, small]);
    expect(await store.sweep(2_000)).toBe(0);
    for (const address of addresses) expect(store.has(address)).toBe(true);
    expect(await store.sweep(7_000)).toBe(2);
  });

  it("keeps what a transaction names while it is stored once more", async () => {
    const { store } = open();
    const [address] = await store.put([large]);
    await Promise.all([store.put([large]), store.reference([address!]), store.put([large])]);
    expect(await store.sweep(Number.MAX_SAFE_INTEGER)).toBe(0);
    expect(store.has(address!)).toBe(true);
  });

  it("keeps what a transaction names while a sweep is under way", async () => {
    const { store, kv } = open();
    const [address] = await store.put([small]);
    const [ranged, mayGoOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const range: typeof kv.range = async function* (options) {
      yield* kv.range(options);
      ranged.resolve();
      await mayGoOn.promise;
    };
    const sweeping = open(openBlobFiles(folder), { ...kv, range }).store.sweep(2_000);
    await ranged.promise;
    await store.reference([address!]);
    mayGoOn.resolve();
    expect(await sweeping).toBe(0);
    expect(await store.get(address!)).toEqual(small);
  });

  it("leaves no file behind when the process dies while it deletes, and takes the blob again afterwards", async () => {
    const { store, kv } = open();
    const [address] = await store.put([large]);
    const dying = open(openBlobFiles(folder), { ...kv, write: () => Promise.reject(new Error("the process died")) }).store;
    await expect(dying.delete([address!])).rejects.toThrow("blobs/StorageFailed");
    expect(await filesIn(folder)).toEqual([]);
    const again = open(openBlobFiles(folder), kv).store;
    await again.put([large]);
    expect(Buffer.from(await again.get(address!)).equals(large)).toBe(true);
  });

  it("deletes the file of a blob whose record a kill has prevented", async () => {
    const { store, kv } = open();
    const written = await store.put([large]);
    await kv.write([{ key: Buffer.from(`b/${written[0]}`), value: undefined }]);
    await store.delete(written);
    expect(await filesIn(folder)).toEqual([]);
  });

  it("purges what was deleted, once, also what is left from before it was opened, and nothing else", async () => {
    const purged: string[][] = [];
    const memory = createMemoryStore();
    const kv = {
      ...memory,
      purge: async (keys: readonly Uint8Array[]) => void purged.push(keys.map((key) => Buffer.from(key).toString())),
    };
    const { store, pass } = open(openBlobFiles(folder), kv);
    const [erased, kept, swept] = await store.put([small, large, Uint8Array.of(9)]);
    await store.reference([erased!, kept!]);
    await store.delete([erased!]);
    pass(5_000);
    expect(await store.sweep(2_000)).toBe(1);
    expect(swept).toBeDefined();
    await store.purge(AbortSignal.abort());
    expect(purged).toEqual([]);
    const again = open(openBlobFiles(folder), kv).store;
    await again.purge(new AbortController().signal);
    await again.purge(new AbortController().signal);
    expect(purged).toEqual([[`b/${erased}`]]);
    expect(again.has(kept!)).toBe(true);
  });

  it("purges what is erased from the store's files", async () => {
    const kv = await openLevelStore(join(folder, "index"));
    const { store } = open(openBlobFiles(join(folder, "files")), kv);
    const secret = Buffer.from("a capsule that opens for whoever keeps its key");
    const [address] = await store.put([secret]);
    await store.reference([address!]);
    await store.delete([address!]);
    await store.purge(new AbortController().signal);
    for (const path of await filesIn(join(folder, "index"))) expect((await readFile(path)).includes(secret), path).toBe(false);
    await kv.close();
  });

  it("deletes for good", async () => {
    const { store } = open();
    const [address] = await store.put([large]);
    await store.reference([address!]);
    await store.delete([address!]);
    await expect(store.get(address!)).rejects.toThrow("blobs/NotHeld");
    expect(await filesIn(folder)).toEqual([]);
  });

  it.each([
    [
      "a flipped bit in a file",
      (path: string) =>
        writeFile(
          path,
          Uint8Array.from(large, (byte, i) => (i === 70_000 ? byte ^ 1 : byte)),
        ),
    ],
    ["a truncated file", (path: string) => truncate(path, 100)],
    ["a missing file", (path: string) => rm(path)],
  ])("never serves %s", async (_name, damage) => {
    const { store } = open();
    const [address] = await store.put([large]);
    await damage((await filesIn(folder))[0]!);
    await expect(store.get(address!)).rejects.toThrow("blobs/Corrupt");
  });

  it("never serves a record that was altered in the key-value store", async () => {
    const { store, kv } = open();
    const [address] = await store.put([small]);
    const key = Buffer.from(`b/${address}`, "latin1");
    const record = kv.get(key)!.slice();
    record[record.length - 1]! ^= 1;
    await kv.write([{ key, value: record }]);
    await expect(store.get(address!)).rejects.toThrow("blobs/Corrupt");
  });

  it.each([
    ["nothing", new Uint8Array(0), "blobs/Empty"],
    ["too much", new Uint8Array(MAX_BLOB_BYTES + 1), "blobs/TooLarge"],
  ])("refuses %s, and with it the whole request", async (_name, blob, id) => {
    const { store } = open();
    await expect(store.put([small, blob])).rejects.toThrow(id);
    await expect(store.put([small])).resolves.toHaveLength(1);
  });

  it("says so when the disk is full, and has stored nothing", async () => {
    const files = openBlobFiles(folder);
    const full = { ...files, write: () => Promise.reject(Object.assign(new Error("write failed"), { code: "ENOSPC" })) };
    const { store, kv } = open(full);
    await expect(store.put([small, large])).rejects.toThrow("blobs/StorageFull");
    const [address] = await open(files).store.put([small]);
    expect(open(files, kv).store.has(address!)).toBe(false);
  });

  it("tells of a store that takes no more, and stores nothing behind its back", async () => {
    const kv = { ...createMemoryStore(), write: () => Promise.reject(new Error("File too large")) };
    const { store } = open(openBlobFiles(folder), kv);
    expect(store.failure()).toBeUndefined();
    await expect(store.put([small])).rejects.toThrow("blobs/StorageFailed");
    expect(store.failure()?.kind.id).toBe("blobs/StorageFailed");
  });

  it("behaves like a map from address to bytes", async () => {
    const blobs = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(blobs, { maxLength: 5 }), async (requests) => {
        const { store } = open();
        const model = new Map<string, Uint8Array>();
        for (const request of requests) {
          const addresses = await store.put(request);
          for (const [i, address] of addresses.entries()) model.set(address, request[i]!);
        }
        for (const [address, bytes] of model) expect(await store.get(address)).toEqual(bytes);
      }),
      { numRuns: 30 },
    );
  });
});
