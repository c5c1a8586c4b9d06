import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { portableCrypto } from "../../crypto/portable.ts";
import type { KeyValueStore } from "../kv.ts";
import { createMemoryStore } from "../memory.ts";
import { HEAD_KEY, headWrite, readHead } from "../state-head.ts";
import { openStateStore } from "../state-store.ts";
import { modelRoot } from "../state-tree.model.ts";
import { bytes, checkVersions, createChain } from "../testing/state-chain.ts";

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
