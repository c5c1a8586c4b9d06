import { describe, expect, test, vi } from "vitest";
import type { KeyValueStore, Write } from "../kv.ts";
import { createMemoryStore } from "../memory.ts";
import { HEAD_KEY, headWrite, readHead } from "../state-head.ts";
import { openStateStore } from "../state-store.ts";
import { chosenPathCrypto, modelRoot } from "../state-tree.model.ts";
import { StoreError } from "../store-error.ts";
import { bytes, changed, checkVersions, createChain, recordsOf } from "../testing/state-chain.ts";
import { NO_CHILDREN } from "./levels.ts";
import { addEmptyNode, addNode, createTree } from "./tree.ts";
import { IMAGE_KEY, writeImage } from "./tree-image.ts";

describe("the image of the tree", () => {
  const count = 3000;
  const all = (text: string) => new Map(Array.from({ length: count }, (_, i) => [`vault/objects/${i}`, bytes(text)]));

  /** Of which the log has two pages. */
  const CACHE_BYTES = 6 * 65_536;

  /** A store of three versions whose log is longer than its memory, after a clean stop. */
  async function stopCleanly() {
    const kv = createMemoryStore();
    const chain = await createChain(kv, { cacheBytes: CACHE_BYTES });
    await chain.block(all("first"), 0);
    await chain.block(new Map([...all("second")].slice(0, 900)), 0);
    await chain.block(new Map([...all("third")].slice(700, 1400).map(([key]) => [key, undefined])), 0);
    await chain.store.keepImage();
    return { kv, chain };
  }

  /** Opens the store, and tells how often it read its log. */
  async function open(kv: KeyValueStore) {
    let reads = 0;
    const readLog: KeyValueStore["readLog"] = (position, target) => {
      reads += 1;
      return kv.readLog(position, target);
    };
    const range = () => expect.unreachable("the log is whole");
    const store = await openStateStore({ kv: { ...kv, readLog, range }, crypto: chosenPathCrypto, cacheBytes: CACHE_BYTES });
    return { store, reads };
  }

  const loggedBytes = (writes: readonly Write[]) => writes.reduce((sum, write) => sum + ("position" in write ? write.bytes.length : 0), 0);
  const imageOf = (kv: KeyValueStore) => recordsOf(kv, 0x75, 0x76);

  test("spares the opening the log but for what is held in memory, and goes on like the tree that it was made of", async () => {
    const { kv, chain } = await stopCleanly();
    const { store, reads } = await open(kv);
    expect(reads).toBe(2);
    const history = [...chain.history];
    const kept = chain.store;
    const logged = [0, 0];
    for (let height = 4; height < 12; height++) {
      const changes = new Map(
        [...all(`${height}`)].slice(200 * height, 250 * height).map(([key, value], i) => [key, i % 3 === 0 ? undefined : value]),
      );
      history.push(changed(history.at(-1)!, changes));
      const { root, writes } = store.stage(height, changes);
      const expected = kept.stage(height, changes);
      expect(root).toEqual(expected.root);
      logged[0]! += loggedBytes(writes);
      logged[1]! += loggedBytes(expected.writes);
      await kv.write(writes);
      store.settled(height);
    }
    // Both clean their logs alike, but for the order in which what is left on a page is moved.
    expect(Math.abs(logged[0]! / logged[1]! - 1)).toBeLessThan(0.01);
    checkVersions(
      store,
      history,
      [0, 800, 1300, 2999].map((i) => `vault/objects/${i}`),
      store.oldestHeight,
    );
    expect((await open(kv)).store.root).toEqual(store.root);
  });

  test("gives back what its versions alone had: no restart makes the next image larger", async () => {
    const { kv } = await stopCleanly();
    const sizes: number[] = [];
    for (let height = 4; height < 12; height++) {
      const { store } = await open(kv);
      await kv.write(store.stage(height, all(`${height}`)).writes);
      store.settled(height);
      await store.keepImage();
      const pages = (await imageOf(kv)).filter(([key]) => key[1]! < 2);
      sizes.push(pages.reduce((sum, [, value]) => sum + value.length, 0));
    }
    expect(sizes.at(-1)).toBe(sizes[1]);
  });

  test("is the same whatever numbers nodes and buckets had in memory", async () => {
    const { kv } = await stopCleanly();
    const image = await imageOf(kv);
    await open(kv);
    await (await open(kv)).store.keepImage(); // made of the log
    expect(await imageOf(kv)).toEqual(image);
  });

  test("counts for the block of the stop alone", async () => {
    const { kv, chain } = await stopCleanly();
    await chain.block(new Map([["vault/objects/5", bytes("after")]]), 0);
    const { store, reads } = await open(kv);
    expect(reads).toBeGreaterThan(2);
    expect(store.root).toEqual(chain.store.root);
  });

  test("serves one opening, and is written again by a stop without a block since", async () => {
    const { kv } = await stopCleanly();
    for (let start = 0; start < 2; start++) {
      const { store, reads } = await open(kv);
      expect(reads).toBe(2);
      expect((await open(kv)).reads).toBeGreaterThan(2); // as after a kill
      await store.keepImage();
    }
  });

  test("keeps no bucket that the disk has damaged: the start after the one that met it makes the tree anew", async () => {
    const { kv, chain } = await stopCleanly();
    const { end } = readHead(kv.get(HEAD_KEY)!).log!;
    // But for the two pages that an opening reads.
    const older = new Uint8Array(end - (end % 65_536) - 65_536);
    kv.readLog(0, older);
    await kv.write([{ position: 0, bytes: older.map((byte, i) => (i % 256 === 100 ? byte ^ 1 : byte)) }]);
    const { store } = await open(kv);
    expect(() => store.stage(4, all("fourth"))).toThrow(expect.objectContaining({ code: "StateCorrupt" }));

    const onRebuild = vi.fn();
    const mended = await openStateStore({ kv, crypto: chosenPathCrypto, cacheBytes: CACHE_BYTES, onRebuild });
    expect(onRebuild).toHaveBeenCalledOnce();
    expect(mended.stage(4, all("fourth")).root).toEqual(modelRoot(chosenPathCrypto, changed(chain.history.at(-1)!, all("fourth"))));
  });

  test("of many pages is written whole, some of them at a time", async () => {
    const kv = createMemoryStore();
    const tree = createTree({ crypto: chosenPathCrypto, cacheBytes: 65_536, readLog: kv.readLog, keepsValues: false, firstPage: 0 });
    let crown = addEmptyNode(tree);
    while (tree.nodes.pages.length < 35) crown = addNode(tree, NO_CHILDREN, 0, crown, 0);
    const sizes: number[] = [];
    const heads: boolean[] = [];
    const write: KeyValueStore["write"] = (batch) => {
      sizes.push(batch.length);
      heads.push(batch.some((one) => "key" in one && one.key.length === 1 && one.value !== undefined));
      return kv.write(batch);
    };
    await writeImage({ ...kv, write }, { tree, crown, height: 1 });
    expect((await imageOf(kv)).filter(([key]) => key[1] === 0)).toHaveLength(35);
    expect(Math.max(...sizes)).toBe(16);
    // A stop that is cut off before its last write leaves no image that counts.
    expect(heads.indexOf(true)).toBe(heads.length - 1);
  });

  test("does not count when it was not finished, and is made again", async () => {
    const { kv, chain } = await stopCleanly();
    await chain.block(new Map([["vault/objects/5", bytes("after")]]), 0);
    for (let writes = 0; writes < 2; writes++) {
      let left = writes;
      const ending: KeyValueStore = {
        ...kv,
        write: (batch) => (left-- > 0 ? kv.write(batch) : Promise.reject(new Error("the power is gone"))),
      };
      const { store } = await open(ending);
      await expect(store.keepImage()).rejects.toThrow("the power is gone");
      expect((await open(kv)).reads).toBeGreaterThan(2);
    }
    const { store } = await open(kv);
    await store.keepImage();
    expect((await open(kv)).reads).toBe(2);
  });

  test("does not count beside a log that was made anew at the same height", async () => {
    const { kv, chain } = await stopCleanly();
    await kv.write([{ dropBefore: Number.MAX_SAFE_INTEGER }]);
    const mended = await openStateStore({ kv, crypto: chosenPathCrypto });
    expect(mended.root).toEqual(chain.store.root);
    const { store } = await open(kv);
    const { writes } = store.stage(4, all("fourth"));
    await kv.write(writes);
    expect(store.root).toEqual(modelRoot(chosenPathCrypto, changed(chain.history.at(-1)!, all("fourth"))));
  });

  test("is passed over when it is of another format", async () => {
    const { kv, chain } = await stopCleanly();
    await kv.write([{ key: IMAGE_KEY, value: kv.get(IMAGE_KEY)!.with(0, 1) }]);
    const { store, reads } = await open(kv);
    expect(reads).toBeGreaterThan(2);
    expect(store.root).toEqual(chain.store.root);
  });

  test("is passed over when a bucket of it lies before the log begins", async () => {
    const { kv, chain } = await stopCleanly();
    const head = readHead(kv.get(HEAD_KEY)!);
    const { end } = head.log!;
    const from = end - (end % 65_536);
    await kv.write([headWrite({ ...head, log: { from, end } }), { dropBefore: from }]);
    const mended = await openStateStore({ kv, crypto: chosenPathCrypto });
    expect(mended.root).toEqual(chain.store.root);
  });

  test("is passed over when any part of it is lost, short, or refused by the store", async () => {
    const { kv, chain } = await stopCleanly();
    const image = await imageOf(kv);
    expect(image).toHaveLength(3);
    for (const [key, value] of image) {
      const damages = [undefined, value.slice(0, value.length / 2), value.map((byte, i) => (i < 12 ? byte ^ 0x41 : byte))];
      for (const damaged of damages) {
        await kv.write([{ key, value: damaged }]);
        const refusing: KeyValueStore = {
          ...kv,
          get(asked) {
            if (damaged?.length !== value.length || asked.toString() !== key.toString()) return kv.get(asked);
            throw new StoreError("StateCorrupt", "the disk changed it");
          },
        };
        const { store } = await open(refusing);
        expect(store.root).toEqual(chain.store.root);
      }
      await kv.write([{ key, value }]);
    }
  });

  test("passes on what is wrong with the store itself", async () => {
    const { kv } = await stopCleanly();
    const get = (key: Uint8Array) => {
      if (key[0] === 0x75) throw new StoreError("StoreUnreadable", "the disk is gone");
      return kv.get(key);
    };
    await expect(openStateStore({ kv: { ...kv, get }, crypto: chosenPathCrypto })).rejects.toMatchObject({ code: "StoreUnreadable" });
  });
});
