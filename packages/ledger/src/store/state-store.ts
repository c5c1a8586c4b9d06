import { equalBytes } from "../crypto/bytes.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import type { KeyValueStore, Write } from "./kv.ts";
import type { StateProof } from "./proof.ts";
import { type Rooted, rebuildTree } from "./rebuild-tree.ts";
import { EMPTY_HASH } from "./state-hash.ts";
import { HEAD_KEY, headWrite, pathOf, readHead, type StateHead, valueKey } from "./state-head.ts";
import {
  addVersion,
  dropVersionsBelow,
  firstVersion,
  latestVersion,
  type Version,
  type Versions,
  valueAt,
  versionAt,
} from "./state-versions.ts";
import { StoreError } from "./store-error.ts";
import { logRange, pageNumber, settleLog } from "./tree/bucket-log.ts";
import { type Changes, sortChanges } from "./tree/changes.ts";
import { findValue } from "./tree/find-value.ts";
import { proveLeaf } from "./tree/prove-leaf.ts";
import { replayLog } from "./tree/replay-log.ts";
import { childHash, createTree, type Tree, type TreeOptions } from "./tree/tree.ts";
import { dropImage, readImage, writeImage } from "./tree/tree-image.ts";
import { type TreeUpdate, updateTree } from "./tree/update-tree.ts";
import { createValueCache, shortValuesIn, type ValueCache } from "./value-cache.ts";
import { keepValuesBefore, nothingBefore, type ValuesBefore } from "./values-before.ts";

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
   * staged before that write resolved; if it rejects, this store has gone ahead of the disk and must be opened anew. An empty store is
   * founded by staging height 0, whose writes go into one batch with those of height 1.
   */
  stage(
    height: number,
    changes: ReadonlyMap<string, Uint8Array | undefined>,
  ): { readonly root: Uint8Array; readonly writes: readonly Write[] };
  /** Tells that the write of block `height` and of all before it resolved; until then what they changed is held in memory. */
  settled(height: number): void;
  /** Spares the next opening the log, if no block is staged after this: for a clean stop, when all blocks are settled. */
  keepImage(): Promise<void>;
  /** The value at a recent height. Throws StoreError VersionPruned outside `oldestHeight` to `height`. */
  getAt(height: number, key: string): Uint8Array | undefined;
  /** Proof of what `getAt` returns under the root of that height. Throws StoreError VersionPruned likewise. */
  prove(height: number, key: string): StateProof;
}

export interface StateStoreOptions {
  readonly kv: KeyValueStore;
  readonly crypto: CryptoProvider;
  /** How many heights stay readable, at least 1. Default 1,000, fewer when blocks are large: they have 64 MiB. */
  readonly keepVersions?: number;
  /**
   * Memory for what is also on disk: a third for buckets of the tree, the rest for values; in a state of many keys three quarters and the rest. Default 512 MiB, at
   * most 16 GiB; it fills as it is needed.
   */
  readonly cacheBytes?: number;
  /** With how many keys at an opening a state has many, for good. Default half as many as the cache has values, at least 2^18. */
  readonly valuesFrom?: number;
  /** Told before the tree is made anew from the values. */
  readonly onRebuild?: () => void;
}

const KEEP_VERSIONS = 1000;
const VERSION_BYTES = 64 * 2 ** 20;
const CACHE_BYTES = 512 * 2 ** 20;

/** A block whose write has not resolved yet. */
interface Unsettled {
  readonly height: number;
  readonly changes: ReadonlyMap<string, Uint8Array | undefined>;
  readonly logEnd: number;
}

interface Parts {
  readonly kv: KeyValueStore;
  readonly tree: Tree;
  readonly versions: Versions;
  readonly unsettled: Unsettled[];
  readonly values: ValueCache;
  keyCount: number;
  settledHeight: number;
}

/**
 * Opens the state that `kv` holds, empty at height 0 in a new one. The nodes of its tree come from the image that a clean stop left, else from the log, which takes
 * some seconds at ten million keys; where the log is damaged, the store is of the format before or has come to many keys, the tree is
 * made anew from the values, which takes minutes there. Throws StoreError StateCorrupt when these do not have the stored root either,
 * RestoreUnfinished after an interrupted restore.
 */
export async function openStateStore({
  kv,
  crypto,
  keepVersions = KEEP_VERSIONS,
  cacheBytes = CACHE_BYTES,
  valuesFrom = manyKeys(cacheBytes),
  onRebuild,
}: StateStoreOptions): Promise<StateStore> {
  const headBytes = kv.get(HEAD_KEY);
  const head: StateHead = headBytes === undefined ? EMPTY_STATE : readHead(headBytes);
  const keepsValues = head.keepsValues || head.keyCount >= valuesFrom;
  const treeBytes = keepsValues ? (cacheBytes / 4) * 3 : cacheBytes / 3;
  const treeOptions = { crypto, cacheBytes: treeBytes, readLog: kv.readLog, keepsValues };
  const rebuild = () => {
    onRebuild?.();
    return rebuildTree(treeOptions, kv, head);
  };
  const isAsKept = keepsValues === head.keepsValues || headBytes === undefined;
  const opened = isAsKept ? ((await openImage(treeOptions, kv, head)) ?? openTree(treeOptions, head)) : undefined;
  const { tree, crown } = opened ?? (await rebuild());
  const parts: Parts = {
    kv,
    tree,
    versions: {
      tree,
      kept: [firstVersion({ height: head.height, root: head.root, crown, logFrom: logRange(tree.buckets.log).from })],
      limit: keepVersions,
      budgetBytes: VERSION_BYTES,
      bytes: 0,
    },
    unsettled: [],
    values: createValueCache(cacheBytes - treeBytes, (key) => load(parts, key)),
    keyCount: head.keyCount,
    settledHeight: head.height,
  };
  return createStateStore(parts);
}

/** In a state of so many keys short values lie with their leaves: see decision 0020. */
export function manyKeys(cacheBytes: number): number {
  return Math.max(2 ** 18, shortValuesIn((cacheBytes / 3) * 2) / 2);
}

const EMPTY_STATE: StateHead = { height: 0, keyCount: 0, root: EMPTY_HASH, keepsValues: false, log: { from: 0, end: 0 } };

/** The tree from its image, which serves one opening; undefined when the last stop left none. */
async function openImage(options: Omit<TreeOptions, "firstPage">, kv: KeyValueStore, head: StateHead): Promise<Rooted | undefined> {
  const { log } = head;
  if (log === undefined) return undefined;
  const tree = createTree({ ...options, firstPage: pageNumber(log.from) });
  const crown = readImage(kv, tree, { ...head, log });
  if (crown === undefined) return undefined;
  await dropImage(kv);
  return { tree, crown };
}

/** The tree from its log; undefined when it is not all there. */
function openTree(options: Omit<TreeOptions, "firstPage">, { log, keyCount, root }: StateHead): Rooted | undefined {
  if (log === undefined) return undefined;
  const tree = createTree({ ...options, firstPage: pageNumber(log.from) });
  const replayed = replayLog(tree, log.end);
  if (replayed === undefined || replayed.keyCount !== keyCount || !equalBytes(childHash(tree, replayed.crown, 0), root)) return undefined;
  return { tree, crown: replayed.crown };
}

function createStateStore(parts: Parts): StateStore {
  const { versions, tree } = parts;
  const { get } = parts.values;
  return {
    get height() {
      return latestVersion(versions).height;
    },
    get root() {
      return latestVersion(versions).root;
    },
    get keyCount() {
      return parts.keyCount;
    },
    get oldestHeight() {
      return versions.kept[0]!.height;
    },
    get,
    stage: (height, changes) => stage(parts, height, changes),
    settled: (height) => settle(parts, height),
    keepImage: () => writeImage(parts.kv, { tree, ...latestVersion(versions) }),
    getAt(height, key) {
      requireVersion(versions, height);
      return valueAt(versions, height, key, get);
    },
    prove: (height, key) => proveLeaf(tree, requireVersion(versions, height).crown, pathOf(tree.crypto, valueKey(key))),
  };
}

/** The latest value of a key that is not in the cache: what the tree says that it is. Throws StoreError StateCorrupt. */
function load({ kv, tree, versions, unsettled }: Parts, key: string): Uint8Array | undefined {
  const storedKey = valueKey(key);
  return findValue(tree, latestVersion(versions).crown, pathOf(tree.crypto, storedKey), () => {
    // There is a value, so that the last of these to name the key has not deleted it.
    const block = unsettled.findLast(({ changes }) => changes.get(key) !== undefined);
    return block === undefined ? kv.get(storedKey) : block.changes.get(key);
  });
}

function requireVersion(versions: Versions, height: number): Version {
  const version = versionAt(versions, height);
  if (version !== undefined) return version;
  const [oldest, latest] = [versions.kept[0]!.height, latestVersion(versions).height];
  throw new StoreError("VersionPruned", `the state at height ${height} is not kept; heights ${oldest} to ${latest} are`);
}

function stage(parts: Parts, height: number, changes: ReadonlyMap<string, Uint8Array | undefined>): ReturnType<StateStore["stage"]> {
  const { tree, versions, unsettled } = parts;
  const latest = latestVersion(versions);
  const isFounding = height === 0 && latest.height === 0 && parts.keyCount === 0;
  if (height !== latest.height + 1 && !isFounding)
    throw new StoreError("HeightOutOfOrder", `after height ${latest.height} comes ${latest.height + 1}, not ${height}`);
  const sorted = sortChanges(tree, changes);
  const update = sorted.count === 0 ? unchanged(latest) : updateTree(tree, latest.crown, sorted);

  parts.keyCount += update.keyDelta;
  const { crown, staleNodes, staleBuckets } = update;
  const root = childHash(tree, crown, 0);
  const { from: logFrom, end } = logRange(tree.buckets.log);
  const before = exchangeValues(parts.values, sorted, update);
  if (isFounding) versions.kept[0] = firstVersion({ height, root, crown, logFrom });
  else addVersion(versions, { height, root, crown, logFrom, before, staleNodes, staleBuckets });
  unsettled.push({ height, changes, logEnd: end });
  dropVersionsBelow(versions, parts.settledHeight);
  // Versions before this one may need more of the log.
  const from = versions.kept[0]!.logFrom;
  const head = headWrite({ height, keyCount: parts.keyCount, root, keepsValues: tree.buckets.keepsValues, log: { from, end } });
  return { root, writes: [head, ...sorted.writes, ...update.writes, { dropBefore: from }] };
}

function unchanged({ crown }: Version): TreeUpdate {
  return { crown, writes: [], staleNodes: [], staleBuckets: [], existed: new Uint8Array(), keyDelta: 0 };
}

/** Puts the new values into the cache; gives what the changed keys were. The tree knows which existed, so that new keys cost no read. */
function exchangeValues(cache: ValueCache, { keys, leaves, values }: Changes, { existed }: TreeUpdate): ValuesBefore {
  if (keys.length === 0) return nothingBefore;
  const before = keys.map((key, i) => cache.exchange(key, values[i], existed[i] === 1));
  return keepValuesBefore(leaves, before);
}

function settle(parts: Parts, height: number): void {
  const { tree, versions, unsettled } = parts;
  while (unsettled.length > 0 && unsettled[0]!.height <= height) {
    const block = unsettled.shift()!;
    parts.settledHeight = block.height;
    settleLog(tree.buckets.log, block.logEnd);
  }
  dropVersionsBelow(versions, parts.settledHeight);
}
