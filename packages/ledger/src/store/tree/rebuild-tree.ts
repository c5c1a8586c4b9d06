import { corruptTree, readBucketRecord } from "./bucket-record.ts";
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

/**
 * Makes the nodes above the stored buckets, which come in the order of their keys, from their root hashes; the leaves are not looked at.
 * Throws StoreError StateCorrupt if the buckets overlap.
 */
export async function rebuildTree(
  tree: Tree,
  records: AsyncIterable<readonly [key: Uint8Array, value: Uint8Array]>,
): Promise<{ readonly crown: number; readonly keyCount: number }> {
  const crown = addEmptyNode(tree);
  const trail: Trail = { tree, nodes: [crown], prefix: new Uint8Array(PATH_BYTES), prefixBits: -1 };
  let keyCount = 0;
  for await (const [key, value] of records) keyCount += addRecord(trail, key, value);
  closeNodes(trail, 0);
  return { crown, keyCount };
}

/** Returns the number of the bucket's leaves. */
function addRecord(trail: Trail, key: Uint8Array, value: Uint8Array): number {
  const { tree, nodes } = trail;
  const { prefixBits, root, leaves } = readBucketRecord(value);
  const prefix = new Uint8Array(PATH_BYTES);
  prefix.set(key.subarray(1));
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
  setChild(tree, parent, side, -addStoredBucket(tree.buckets, leaves.length / LEAF_BYTES));
  pageOf(tree.nodes, parent).bytes.set(root, 4 * (wordAt(tree.nodes, parent) + HASH_WORDS * side));
  return leaves.length / LEAF_BYTES;
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
