import { expect } from "vitest";
import type { KeyValueStore, Write } from "../kv.ts";
import { decodeStateProof, encodeStateProof, verifyStateProof } from "../proof.ts";
import { openStateStore, type StateStore, type StateStoreOptions } from "../state-store.ts";
import { chosenPathCrypto, modelRoot } from "../state-tree.model.ts";

export type Values = ReadonlyMap<string, Uint8Array>;
export type Changes = ReadonlyMap<string, Uint8Array | undefined>;

export const bytes = (text: string) => Uint8Array.from([...text].map((character) => character.charCodeAt(0)));

export function changed(values: Values, changes: Changes): Values {
  const next = new Map(values);
  for (const [key, value] of changes) {
    if (value === undefined) next.delete(key);
    else next.set(key, value);
  }
  return next;
}

export async function recordsOf(kv: KeyValueStore, gte: number, lt: number): Promise<(readonly [Uint8Array, Uint8Array])[]> {
  const records: (readonly [Uint8Array, Uint8Array])[] = [];
  for await (const record of kv.range({ gte: Uint8Array.of(gte), lt: Uint8Array.of(lt) })) records.push(record);
  return records;
}

/** A store driven like a node drives it: blocks are staged ahead of their writes, which resolve later and in order. */
export async function createChain(kv: KeyValueStore, options: Partial<StateStoreOptions>) {
  const crypto = chosenPathCrypto;
  // An opening from values would hide what is wrong with the log.
  const open = () => openStateStore({ kv: { ...kv, range: () => expect.unreachable("the log is whole") }, crypto, ...options });
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
      await store.keepImage();
      store = await open();
    },
    /** Ends the process without warning: what was not written is lost. */
    async crash() {
      history.length -= unwritten.length;
      unwritten = [];
      store = await open();
    },
  };
}

/** The store says about every key at every kept height what the history says, and proves it. */
export function checkVersions(store: StateStore, history: readonly Values[], keys: readonly string[], oldestHeight: number): void {
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
