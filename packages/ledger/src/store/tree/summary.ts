import type { KeyValueStore, Write } from "../kv.ts";
import { bucketKey } from "./bucket-record.ts";
import { countLeaves } from "./buckets.ts";
import { PATH_BYTES } from "./paths.ts";
import type { StoredBucket } from "./rebuild-tree.ts";
import { childHash, childOf, type Side, type Tree } from "./tree.ts";

/**
 * What an opening needs to know of the buckets, without their leaves: a tenth of the bytes in a thousandth of the records. It is written at
 * a clean stop, for the height of the stop; at any other height an opening reads the buckets themselves.
 *
 *     "u" ‖ number of the page, from 0 (4 bytes)    height (8 bytes) ‖ buckets of the page, ascending
 *     bucket    length of prefix in bits (1) ‖ leaves (1) ‖ bytes of prefix (1) ‖ prefix without zero bytes at its end ‖ root hash (32)
 *
 * The page after the last has the height alone.
 */
const SUMMARY_PREFIX = 0x75;
const PAGE_BYTES = 2 ** 20;
const HEIGHT_BYTES = 8;
const BUCKET_HEAD_BYTES = 3;
const MAX_BUCKET_BYTES = BUCKET_HEAD_BYTES + 2 * PATH_BYTES;

/** The writes that keep a summary of the version `crown`, which is the one of `height`. */
export function summaryWrites(tree: Tree, crown: number, height: number): Write[] {
  const writes: Write[] = [];
  let page = newPage(height);
  let end = HEIGHT_BYTES;
  const finishPage = () => {
    writes.push({ key: pageKey(writes.length), value: page.subarray(0, end) });
    page = newPage(height);
    end = HEIGHT_BYTES;
  };
  for (const { prefixBits, leafCount, prefix, root } of bucketsOf(tree, crown)) {
    if (end + MAX_BUCKET_BYTES > PAGE_BYTES) finishPage();
    page.set([prefixBits, leafCount, prefix.length], end);
    page.set(prefix, end + BUCKET_HEAD_BYTES);
    page.set(root, end + BUCKET_HEAD_BYTES + prefix.length);
    end += BUCKET_HEAD_BYTES + prefix.length + PATH_BYTES;
  }
  if (end > HEIGHT_BYTES) finishPage();
  finishPage();
  return writes;
}

/** The buckets of a summary that was kept for `height`, or undefined if the last one was for another. */
export function readSummary(kv: KeyValueStore, height: number): Iterable<StoredBucket> | undefined {
  return pageAt(kv, 0, height) && bucketsIn(kv, height);
}

function* bucketsIn(kv: KeyValueStore, height: number): Iterable<StoredBucket> {
  for (let number = 0; ; number++) {
    const page = pageAt(kv, number, height);
    if (page === undefined || page.length === HEIGHT_BYTES) return;
    for (let at = HEIGHT_BYTES; at < page.length; ) {
      const prefixAt = at + BUCKET_HEAD_BYTES;
      const rootAt = prefixAt + page[at + 2]!;
      const [prefix, root] = [page.subarray(prefixAt, rootAt), page.subarray(rootAt, rootAt + PATH_BYTES)];
      yield { prefixBits: page[at]!, leafCount: page[at + 1]!, prefix, root };
      at = rootAt + PATH_BYTES;
    }
  }
}

function pageAt(kv: KeyValueStore, number: number, height: number): Uint8Array | undefined {
  const page = kv.get(pageKey(number));
  return page && new DataView(page.buffer, page.byteOffset).getBigUint64(0) === BigInt(height) ? page : undefined;
}

function newPage(height: number): Uint8Array {
  const page = new Uint8Array(PAGE_BYTES);
  new DataView(page.buffer).setBigUint64(0, BigInt(height));
  return page;
}

function pageKey(number: number): Uint8Array {
  const key = new Uint8Array(5);
  key[0] = SUMMARY_PREFIX;
  new DataView(key.buffer).setUint32(1, number);
  return key;
}

/** The buckets of a version in the order of their prefixes. */
function* bucketsOf(tree: Tree, crown: number): Iterable<StoredBucket> {
  const path = new Uint8Array(PATH_BYTES);
  const nodes = [crown];
  const sides: (Side | 2)[] = [0];
  while (nodes.length > 0) {
    const depth = nodes.length - 1;
    const [node, side] = [nodes[depth]!, sides[depth]!];
    // The crown has the root on its left and nothing else.
    if (side === 2 || (depth === 0 && side === 1)) {
      nodes.pop();
      sides.pop();
      continue;
    }
    sides[depth] = side === 0 ? 1 : 2;
    if (depth > 0) turn(path, depth - 1, side);
    const child = childOf(tree, node, side);
    if (child > 0) {
      nodes.push(child);
      sides.push(0);
    } else if (child < 0) {
      const prefix = bucketKey(path, 0, depth).subarray(1);
      yield { prefixBits: depth, leafCount: countLeaves(tree.buckets, -child), prefix, root: childHash(tree, node, side) };
    }
  }
}

function turn(path: Uint8Array, depth: number, side: Side): void {
  const bit = 0x80 >>> (depth & 7);
  path[depth >>> 3] = side === 1 ? path[depth >>> 3]! | bit : path[depth >>> 3]! & ~bit;
}
