import type { CryptoProvider } from "../../crypto/provider.ts";
import type { KeyValueStore } from "../kv.ts";
import { type Buckets, createBuckets } from "./buckets.ts";
import { createLeafList, type LeafList } from "./leaf.ts";
import { HASH_WORDS, INNER_WORDS, type Level, NO_CHILDREN } from "./levels.ts";
import { copyWords, createScratch, type Scratch } from "./page.ts";
import { createRecordPool, pageOf, type RecordPool, takeRecord, wordAt } from "./record-pool.ts";

/**
 * The state tree of all kept versions. Above the buckets it lies in memory as nodes, by number from 1, that never change: a block makes
 * new ones from the root down to what it changed. A version is the number of its crown, a node above the root whose left child is the root.
 *
 * A node holds the hashes of its two children and which they are: 0 nothing, above 0 a node, below 0 a bucket by its negative number.
 * Below an inner node there are always two leaves or more, so hashes follow `state-hash.ts` although buckets begin wherever they do.
 */
export interface Tree {
  readonly crypto: CryptoProvider;
  readonly nodes: RecordPool;
  readonly buckets: Buckets;
  /** Working memory of the block being made. */
  readonly work: Work;
}

export interface Work {
  readonly levels: Level[];
  readonly leaves: LeafList;
  readonly unsortedChanges: Scratch;
  readonly changes: Scratch;
  readonly taggedLeaves: Scratch;
  readonly hashes: Scratch;
}

export type Side = 0 | 1;

const NODE_WORDS = INNER_WORDS + 2;

export interface TreeOptions {
  readonly crypto: CryptoProvider;
  /** Memory for buckets, and a part of what their log may take on disk beyond twice what it needs. */
  readonly cacheBytes: number;
  readonly readLog: KeyValueStore["readLog"];
  /** See `Buckets`. */
  readonly keepsValues: boolean;
  /** Page of the log at which it begins. */
  readonly firstPage: number;
}

export function createTree({ crypto, cacheBytes, readLog, keepsValues, firstPage }: TreeOptions): Tree {
  const buckets = createBuckets(cacheBytes, readLog, keepsValues, firstPage);
  return { crypto, nodes: createRecordPool(NODE_WORDS), buckets, work: createWork() };
}

function createWork(): Work {
  return {
    unsortedChanges: createScratch(),
    changes: createScratch(),
    levels: [],
    leaves: createLeafList(),
    taggedLeaves: createScratch(),
    hashes: createScratch(),
  };
}

/** A node with the two hashes at word `at` of `hashes`, which belong to these children. */
export function addNode(tree: Tree, hashes: Int32Array, at: number, left: number, right: number): number {
  const node = takeRecord(tree.nodes);
  const { words } = pageOf(tree.nodes, node);
  const to = wordAt(tree.nodes, node);
  copyWords(hashes, at, words, to, INNER_WORDS);
  words[to + INNER_WORDS] = left;
  words[to + INNER_WORDS + 1] = right;
  return node;
}

/** A node without children. */
export function addEmptyNode(tree: Tree): number {
  return addNode(tree, NO_CHILDREN, 0, 0, 0);
}

export function childOf(tree: Tree, node: number, side: Side): number {
  return pageOf(tree.nodes, node).words[wordAt(tree.nodes, node) + INNER_WORDS + side]!;
}

export function setChild(tree: Tree, node: number, side: Side, child: number): void {
  pageOf(tree.nodes, node).words[wordAt(tree.nodes, node) + INNER_WORDS + side] = child;
}

export function setChildHash(tree: Tree, node: number, side: Side, hashes: Int32Array, at: number): void {
  copyWords(hashes, at, pageOf(tree.nodes, node).words, wordAt(tree.nodes, node) + HASH_WORDS * side, HASH_WORDS);
}

/** A copy of the hash of one child. */
export function childHash(tree: Tree, node: number, side: Side): Uint8Array {
  const from = 4 * (wordAt(tree.nodes, node) + HASH_WORDS * side);
  return pageOf(tree.nodes, node).bytes.slice(from, from + 4 * HASH_WORDS);
}
