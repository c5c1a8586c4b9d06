import { equalBytes } from "../../crypto/bytes.ts";
import type { KeyValueStore, RecordWrite } from "../kv.ts";
import type { LogRange, StateHead } from "../state-head.ts";
import { StoreError } from "../store-error.ts";
import { addResident, lastNumber, logRange, pageNumber, resumeLog } from "./bucket-log.ts";
import { countLeaves, isLive, positionOf, storedBytes } from "./buckets.ts";
import { createPage } from "./page.ts";
import { pageWords, type RecordPool, wordAt } from "./record-pool.ts";
import { childHash, type Tree } from "./tree.ts";
import type { TreeUpdate } from "./update-tree.ts";

/**
 * The tree of one version as it lies in memory, which spares the next opening the log: a clean stop writes it. It counts for the head that it was made of, and once; an
 * opening at any other, after that one, or that misses a part, reads the log.
 *
 *     "u"                                      format (1 byte) ‖ height ‖ end of the log ‖ crown ‖ highest node ‖ highest bucket (8 each, big endian)
 *     "u" ‖ 0 nodes, 1 buckets ‖ number (4)    a page of them
 *     "u" ‖ 2 nodes, 3 buckets ‖ 0 (4)         those whose numbers are free
 *
 * Pages and numbers are words as they lie in memory on every machine that Node runs on.
 */
const PREFIX = 0x75;
/** Where the head of an image lies. */
export const IMAGE_KEY: Uint8Array = Uint8Array.of(PREFIX);
/** 1 did not tell how long the records of the buckets are. */
const FORMAT = 2;
const HEAD_NUMBERS = 5;
const HEAD_BYTES = 1 + 8 * HEAD_NUMBERS;
const NODES = 0;
const BUCKETS = 1;
const FREE = 2;

/** Pages in one write: some megabytes, so that the copy on its way to the disk stays small. */
const PAGES_PER_WRITE = 16;

interface Imaged {
  readonly tree: Tree;
  readonly crown: number;
  readonly height: number;
  /** What only the versions before this one have. */
  readonly stale: readonly Pick<TreeUpdate, "staleNodes" | "staleBuckets">[];
}

/** Writes the image of a version of which all is durable. Nothing may change it meanwhile. */
export async function writeImage(kv: KeyValueStore, { tree, crown, height, stale }: Imaged): Promise<void> {
  const { nodes, buckets } = tree;
  const head = imageHead([height, logRange(buckets.log).end, crown, nodes.lastNumber, buckets.entries.lastNumber]);
  await dropImage(kv);
  const pages = [...pagesOf(NODES, nodes), ...pagesOf(BUCKETS, buckets.entries)];
  for (let at = 0; at < pages.length; at += PAGES_PER_WRITE) await kv.write(pages.slice(at, at + PAGES_PER_WRITE));
  await kv.write([
    freeNumbers(NODES, nodes.free.concat(...stale.map(({ staleNodes }) => staleNodes))),
    freeNumbers(BUCKETS, buckets.entries.free.concat(...stale.map(({ staleBuckets }) => staleBuckets))),
    { key: IMAGE_KEY, value: head },
  ]);
}

function imageHead(numbers: readonly number[]): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  head[0] = FORMAT;
  for (const [i, number] of numbers.entries()) view.setBigUint64(1 + 8 * i, BigInt(number));
  return head;
}

/** The pages of a pool as far as they are used. */
function* pagesOf(kind: number, pool: RecordPool): Iterable<RecordWrite> {
  for (const [number, { bytes }] of pool.pages.entries()) {
    yield { key: partKey(kind, number), value: bytes.subarray(0, usedBytes(pool, number)) };
  }
}

function usedBytes(pool: RecordPool, page: number): number {
  const isLast = page === pool.lastNumber >>> pool.pageBits;
  return 4 * (isLast ? wordAt(pool, pool.lastNumber) + pool.recordWords : pageWords(pool));
}

function freeNumbers(kind: number, numbers: readonly number[]): RecordWrite {
  return { key: partKey(FREE + kind, 0), value: new Uint8Array(Int32Array.from(numbers).buffer) };
}

function partKey(kind: number, number: number): Uint8Array {
  const key = new Uint8Array(6);
  key[0] = PREFIX;
  key[1] = kind;
  new DataView(key.buffer).setUint32(2, number);
  return key;
}

type HeadWithLog = StateHead & { readonly log: LogRange };

/**
 * Ends an image that served: an opening by it reads few of the buckets. One that the disk has damaged ends the node when it comes to it, and the next start is to read the log
 * and to make the tree anew.
 */
export async function dropImage(kv: KeyValueStore): Promise<void> {
  await kv.write([{ key: IMAGE_KEY, value: undefined }]);
}

/** Makes an empty tree the one of `head` by its image. Gives its crown; undefined, with the tree half made, where there is no image of this head. */
export function readImage(kv: KeyValueStore, tree: Tree, head: HeadWithLog): number | undefined {
  try {
    return crownOf(kv, tree, head);
  } catch (error) {
    // A record that the disk changed; the log says the same as the image.
    if (error instanceof StoreError && error.code === "StateCorrupt") return undefined;
    throw error;
  }
}

function crownOf(kv: KeyValueStore, tree: Tree, { height, keyCount, root, log }: HeadWithLog): number | undefined {
  const bytes = kv.get(IMAGE_KEY);
  if (bytes?.length !== HEAD_BYTES || bytes[0] !== FORMAT) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const numbers = Array.from({ length: HEAD_NUMBERS }, (_, i) => Number(view.getBigUint64(1 + 8 * i)));
  const [imageHeight, logEnd, crown, lastNode, lastBucket] = numbers;
  if (imageHeight !== height || logEnd !== log.end) return undefined;
  const { nodes, buckets } = tree;
  const isWhole =
    fillPool(kv, nodes, NODES, lastNode!) && fillPool(kv, buckets.entries, BUCKETS, lastBucket!) && resumeLog(buckets.log, log.end);
  if (!isWhole || placeBuckets(tree) !== keyCount || !equalBytes(childHash(tree, crown!, 0), root)) return undefined;
  return crown;
}

/** Fills an empty pool with the parts of a kind; false when one is missing. */
function fillPool(kv: KeyValueStore, pool: RecordPool, kind: number, lastNumber: number): boolean {
  pool.lastNumber = lastNumber;
  for (let number = 0; number <= lastNumber >>> pool.pageBits; number++) {
    const bytes = kv.get(partKey(kind, number));
    if (bytes?.length !== usedBytes(pool, number)) return false;
    const page = createPage(pageWords(pool));
    page.bytes.set(bytes);
    pool.pages.push(page);
  }
  const free = kv.get(partKey(FREE + kind, 0));
  if (free === undefined || free.length % 4 !== 0) return false;
  for (const number of new Int32Array(free.slice().buffer)) pool.free.push(number);
  return true;
}

/** Tells the log where the buckets of the only version lie, and counts their keys; -1 where one lies beyond it. */
function placeBuckets({ buckets }: Tree): number {
  const { entries, log } = buckets;
  let keyCount = 0;
  for (let bucket = 1; bucket <= entries.lastNumber; bucket++) {
    const position = positionOf(buckets, bucket);
    if (position < 0 || !isLive(buckets, bucket)) continue;
    const page = pageNumber(position);
    if (page < log.first || page > lastNumber(log)) return -1;
    addResident(log, position, bucket);
    buckets.liveBytes += storedBytes(buckets, bucket);
    keyCount += countLeaves(buckets, bucket);
  }
  return keyCount;
}
