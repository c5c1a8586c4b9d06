import type { KeyValueStore } from "../kv.ts";
import { BUCKET_PREFIX, corruptTree, readBucketRecord } from "./bucket-record.ts";
import { addStoredBucket } from "./buckets.ts";
import { LEAF_BYTES } from "./leaf.ts";
import { HASH_WORDS, INNER_WORDS } from "./levels.ts";
import { copyWords, createPage } from "./page.ts";
import { bitAt, PATH_BYTES, sharedBits } from "./paths.ts";
import { pageOf, wordAt } from "./record-pool.ts";
import { addEmptyNode, type Side, setChild, type Tree } from "./tree.ts";

/** The nodes from the crown to where the last bucket was put, and that bucket's prefix. */
interface Trail {
  readonly tree: Tree;
  readonly nodes: number[];
  readonly prefix: Uint8Array;
  prefixBits: number;
}

/** A bucket as an opening sees it. */
export interface StoredBucket {
  readonly prefixBits: number;
  readonly leafCount: number;
  /** The lowest path with the prefix, without zero bytes at its end. */
  readonly prefix: Uint8Array;
  readonly root: Uint8Array;
}

/** The buckets in `kv`, in the order of their prefixes. Throws StoreError StateCorrupt on a record that is none. */
export async function* storedBuckets(kv: KeyValueStore): AsyncIterable<StoredBucket> {
  for await (const [key, value] of kv.range({ gte: Uint8Array.of(BUCKET_PREFIX), lt: Uint8Array.of(BUCKET_PREFIX + 1) })) {
    const { prefixBits, root, leaves } = readBucketRecord(value);
    yield { prefixBits, leafCount: leaves.length / LEAF_BYTES, prefix: key.subarray(1), root };
  }
}

/**
 * Makes the nodes above the buckets, which come in the order of their prefixes, from their root hashes; the leaves are not looked at.
 * Throws StoreError StateCorrupt if the buckets overlap.
 */
export async function rebuildTree(
  tree: Tree,
  buckets: AsyncIterable<StoredBucket> | Iterable<StoredBucket>,
): Promise<{ readonly crown: number; readonly keyCount: number }> {
  const crown = addEmptyNode(tree);
  const trail: Trail = { tree, nodes: [crown], prefix: new Uint8Array(PATH_BYTES), prefixBits: -1 };
  let keyCount = 0;
  for await (const bucket of buckets) {
    addBucket(trail, bucket);
    keyCount += bucket.leafCount;
  }
  closeNodes(trail, 0);
  return { crown, keyCount };
}

function addBucket(trail: Trail, bucket: StoredBucket): void {
  const { tree, nodes } = trail;
  const { prefixBits, root, leafCount } = bucket;
  const prefix = new Uint8Array(PATH_BYTES);
  prefix.set(bucket.prefix);
  const isFirst = trail.prefixBits === -1;
  const shared = isFirst ? -1 : sharedBits(trail.prefix, 0, prefix, 0);
  if (!isFirst && (shared >= trail.prefixBits || shared >= prefixBits)) throw corruptTree();

  closeNodes(trail, shared + 1);
  trail.prefix.set(prefix);
  trail.prefixBits = prefixBits;
  for (let depth = shared + 1; depth < prefixBits; depth++) {
    const node = addEmptyNode(tree);
    setChild(tree, nodes[depth]!, sideAt(prefix, depth), node);
    nodes.push(node);
  }
  const parent = nodes[prefixBits]!;
  const side = sideAt(prefix, prefixBits);
  setChild(tree, parent, side, -addStoredBucket(tree.buckets, leafCount));
  pageOf(tree.nodes, parent).bytes.set(root, 4 * (wordAt(tree.nodes, parent) + HASH_WORDS * side));
}

const HASH = createPage(HASH_WORDS);

/** Hashes the nodes of the trail that are deeper than `depth`, which have all their children, into their parents and leaves them. */
function closeNodes({ tree, nodes, prefix }: Trail, depth: number): void {
  while (nodes.length - 1 > depth) {
    const node = nodes.pop()!;
    const from = 4 * wordAt(tree.nodes, node);
    tree.crypto.hashBlocks(pageOf(tree.nodes, node).bytes.subarray(from, from + 4 * INNER_WORDS), HASH.bytes);
    const parent = nodes.at(-1)!;
    const to = wordAt(tree.nodes, parent) + HASH_WORDS * sideAt(prefix, nodes.length - 1);
    copyWords(HASH.words, 0, pageOf(tree.nodes, parent).words, to, HASH_WORDS);
  }
}

/** Side on which `prefix` goes on from a node at `depth`; the crown has the root on its left. */
function sideAt(prefix: Uint8Array, depth: number): Side {
  return depth === 0 ? 0 : bitAt(prefix, 0, depth - 1);
}
