import type { CryptoProvider } from "../crypto/provider.ts";
import type { KeyValueStore, Write } from "./kv.ts";
import type { StateProof } from "./proof.ts";
import { bitAt, EMPTY_HASH, hashPair, leafHash, stateKeyBytes } from "./state-hash.ts";
import { StoreError } from "./store-error.ts";

/** Reads of the state. Keys are 1 to 1,024 printable ASCII characters; what is returned must not be changed. */
export interface StateReader {
  get(key: string): Uint8Array | undefined;
}

/** Reads and writes of the state. What was handed to `set` must not be changed afterwards. */
export interface StateWriter extends StateReader {
  set(key: string, value: Uint8Array): void;
  delete(key: string): void;
}

/** The authenticated state: its values, its root, its recent versions. Reads give the latest staged block. */
export interface StateStore extends StateReader {
  /** Height of the latest staged block, 0 before the first. */
  readonly height: number;
  /** Root of the state tree at `height`, 32 bytes. */
  readonly root: Uint8Array;
  /** How many keys have a value at `height`. */
  readonly keyCount: number;
  /** The lowest height that `getAt` and `prove` answer for; `height` itself after an opening. */
  readonly oldestHeight: number;
  /**
   * Applies the changes of block `height`, one above the last (undefined deletes). Returns the new root and the writes that make the
   * block durable: the caller adds its own and passes all to one `KeyValueStore.write`, in the order of heights. The next block may be
   * staged before that write resolved; if it rejects, this store has gone ahead of the disk and must be opened anew.
   */
  stage(
    height: number,
    changes: ReadonlyMap<string, Uint8Array | undefined>,
  ): { readonly root: Uint8Array; readonly writes: readonly Write[] };
  /** Tells that the write of block `height` and of all before it resolved; until then what they changed is held in memory. */
  settled(height: number): void;
  /** The value at a recent height. Throws StoreError VersionPruned outside `oldestHeight` to `height`. */
  getAt(height: number, key: string): Uint8Array | undefined;
  /** Proof of what `getAt` returns under the root of that height. Throws StoreError VersionPruned likewise. */
  prove(height: number, key: string): StateProof;
}

export interface StateStoreOptions {
  readonly kv: KeyValueStore;
  readonly crypto: CryptoProvider;
  /** How many heights stay readable. Default 1,000. */
  readonly keepVersions?: number;
  /** Memory for values and tree pages read from `kv`. Default 256 MiB. */
  readonly cacheBytes?: number;
}

const VALUE = 0x73;
const HEAD_KEY = Uint8Array.of(VALUE);
const AFTER_VALUES = Uint8Array.of(VALUE + 1);

interface Version {
  readonly height: number;
  readonly root: Uint8Array;
  readonly values: ReadonlyMap<string, Uint8Array>;
}

/** Opens the state that `kv` holds, height 0 and empty in a new one. */
export async function openStateStore({ kv, crypto, keepVersions = 1000 }: StateStoreOptions): Promise<StateStore> {
  const values = new Map<string, Uint8Array>();
  let height = 0;
  for await (const [key, value] of kv.range({ gte: HEAD_KEY, lt: AFTER_VALUES })) {
    if (key.length === 1) height = Number(new DataView(value.buffer, value.byteOffset).getBigUint64(0));
    else values.set(String.fromCharCode(...key.subarray(1)), value);
  }
  const versions: Version[] = [{ height, root: rootOf(crypto, values), values }];
  const latest = () => versions.at(-1)!;
  const at = (asked: number): Version => {
    const version = versions.find((candidate) => candidate.height === asked);
    if (version === undefined)
      throw new StoreError("VersionPruned", `height ${asked} is not kept; ask for ${versions[0]!.height} to ${latest().height}`);
    return version;
  };
  return {
    get height() {
      return latest().height;
    },
    get root() {
      return latest().root;
    },
    get keyCount() {
      return latest().values.size;
    },
    get oldestHeight() {
      return versions[0]!.height;
    },
    get: (key) => latest().values.get(key),
    stage(next, changes) {
      if (next !== latest().height + 1) throw new StoreError("HeightOutOfOrder", `block ${next} cannot follow height ${latest().height}`);
      const changed = new Map(latest().values);
      for (const [key, value] of changes) value === undefined ? changed.delete(key) : changed.set(key, value);
      versions.push({ height: next, root: rootOf(crypto, changed), values: changed });
      if (versions.length > keepVersions) versions.shift();
      return { root: latest().root, writes: [headWrite(next), ...[...changes].map(([key, value]) => ({ key: valueKey(key), value }))] };
    },
    settled() {},
    getAt: (asked, key) => at(asked).values.get(key),
    prove: (asked, key) => proofIn(crypto, at(asked).values, key),
  };
}

function valueKey(key: string): Uint8Array {
  const bytes = stateKeyBytes(key, 1);
  bytes[0] = VALUE;
  return bytes;
}

function headWrite(height: number): Write {
  const value = new Uint8Array(8);
  new DataView(value.buffer).setBigUint64(0, BigInt(height));
  return { key: HEAD_KEY, value };
}

interface Leaf {
  readonly keyHash: Uint8Array;
  readonly valueHash: Uint8Array;
}

function leavesOf(crypto: CryptoProvider, values: ReadonlyMap<string, Uint8Array>): Leaf[] {
  return [...values].map(([key, value]) => ({ keyHash: crypto.sha256(stateKeyBytes(key)), valueHash: crypto.sha256(value) }));
}

function rootOf(crypto: CryptoProvider, values: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return subtreeHash(crypto, leavesOf(crypto, values), 0);
}

function subtreeHash(crypto: CryptoProvider, leaves: readonly Leaf[], depth: number): Uint8Array {
  if (leaves.length === 0) return EMPTY_HASH;
  if (leaves.length === 1) return leafHash(crypto, leaves[0]!.keyHash, leaves[0]!.valueHash);
  const [left, right] = [0, 1].map((side) =>
    subtreeHash(
      crypto,
      leaves.filter((leaf) => bitAt(leaf.keyHash, depth) === side),
      depth + 1,
    ),
  );
  return hashPair(crypto, left!, right!);
}

function proofIn(crypto: CryptoProvider, values: ReadonlyMap<string, Uint8Array>, key: string): StateProof {
  const path = crypto.sha256(stateKeyBytes(key));
  const siblings: Uint8Array[] = [];
  let leaves = leavesOf(crypto, values);
  for (let depth = 0; leaves.length > 1; depth++) {
    const side = bitAt(path, depth);
    siblings.push(
      subtreeHash(
        crypto,
        leaves.filter((leaf) => bitAt(leaf.keyHash, depth) !== side),
        depth + 1,
      ),
    );
    leaves = leaves.filter((leaf) => bitAt(leaf.keyHash, depth) === side);
  }
  const [leaf] = leaves;
  if (leaf === undefined) return { end: { kind: "empty" }, siblings };
  return { end: values.has(key) ? { kind: "present" } : { kind: "neighbour", ...leaf }, siblings };
}
