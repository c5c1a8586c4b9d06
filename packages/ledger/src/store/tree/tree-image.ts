import { equalBytes } from "../../crypto/bytes.ts";
import type { KeyValueStore, RecordWrite } from "../kv.ts";
import type { LogRange, StateHead } from "../state-head.ts";
import { StoreError } from "../store-error.ts";
import { addResident, lastNumber, logRange, pageNumber, resumeLog } from "./bucket-log.ts";
import { countLeaves, positionOf, storedBytes } from "./buckets.ts";
import { INNER_WORDS } from "./levels.ts";
import { copyWords, createPage, type Page } from "./page.ts";
import { pageOf, pageWords, type RecordPool, wordAt } from "./record-pool.ts";
import { childHash, childOf, type Tree } from "./tree.ts";

/**
 * The tree of one version, which spares the next opening the log: a clean stop writes it. It counts for the head that it was made of, and once; an opening at any other,
 * after that one, or that misses a part, reads the log. Nodes and buckets get new numbers, each right after what is below it: then ways to a leaf lie close together in
 * memory, which those of many blocks do not.
 *
 *     "u"                                      format (1 byte) ‖ height ‖ end of the log ‖ number of nodes, the last of them the crown ‖ number of buckets (8 each, big endian)
 *     "u" ‖ 0 nodes, 1 buckets ‖ number (4)    a page of them
 *
 * Pages are words as they lie in memory on every machine that Node runs on.
 */
const PREFIX = 0x75;
/** Where the head of an image lies. */
export const IMAGE_KEY: Uint8Array = Uint8Array.of(PREFIX);
/** 1 did not tell how long the records of the buckets are, 2 had the numbers that they had in memory. */
const FORMAT = 3;
const HEAD_NUMBERS = 4;
const HEAD_BYTES = 1 + 8 * HEAD_NUMBERS;
const NODES = 0;
const BUCKETS = 1;

/** Pages in one write: some megabytes, so that the copy on its way to the disk stays small. */
const PAGES_PER_WRITE = 16;

interface Imaged {
  readonly tree: Tree;
  readonly crown: number;
  readonly height: number;
}

/** Writes the image of a version of which all is durable. Nothing may change it meanwhile. */
export async function writeImage(kv: KeyValueStore, { tree, crown, height }: Imaged): Promise<void> {
  const nodes = createCopies(NODES, tree.nodes);
  const buckets = createCopies(BUCKETS, tree.buckets.entries);
  await dropImage(kv);
  const pages: RecordWrite[] = [];
  for (const page of copyInOrder(tree, crown, nodes, buckets)) {
    pages.push(page);
    if (pages.length === PAGES_PER_WRITE) await kv.write(pages.splice(0));
  }
  const head = imageHead([height, logRange(tree.buckets.log).end, nodes.count, buckets.count]);
  await kv.write([...pages, { key: IMAGE_KEY, value: head }]);
}

/** Records of a pool under new numbers from 1, in the order in which they come. */
interface Copies {
  readonly kind: number;
  readonly pool: RecordPool;
  /** The last number, and the page that has it. */
  count: number;
  page: Page;
}

function createCopies(kind: number, pool: RecordPool): Copies {
  return { kind, pool, count: 0, page: createPage(pageWords(pool)) };
}

/** Copies the tree below a crown, and hands over page after page. */
function* copyInOrder(tree: Tree, crown: number, nodes: Copies, buckets: Copies): Iterable<RecordWrite> {
  const pending = [crown];
  /** New numbers of copied nodes and buckets whose parent is still to come. */
  const children: number[] = [];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === 0) children.push(0);
    else if (next > 0 && next < BELOW_IS_DONE) pending.push(BELOW_IS_DONE + next, childOf(tree, next, 1), childOf(tree, next, 0));
    else {
      const copies = next < 0 ? buckets : nodes;
      if (wordAt(copies.pool, copies.count + 1) === 0) {
        yield pageSoFar(copies);
        copies.page = createPage(pageWords(copies.pool));
      }
      children.push(next < 0 ? -addCopy(buckets, -next) : copyNode(nodes, next - BELOW_IS_DONE, children));
    }
  }
  yield pageSoFar(nodes);
  yield pageSoFar(buckets);
}

/** Added to the number of a node whose children have been copied; none is as high. */
const BELOW_IS_DONE = 2 ** 31;

function addCopy(copies: Copies, number: number): number {
  const { pool, page } = copies;
  copies.count += 1;
  copyWords(pageOf(pool, number).words, wordAt(pool, number), page.words, wordAt(pool, copies.count), pool.recordWords);
  return copies.count;
}

function copyNode(nodes: Copies, number: number, children: number[]): number {
  const copy = addCopy(nodes, number);
  const at = wordAt(nodes.pool, copy) + INNER_WORDS;
  nodes.page.words[at + 1] = children.pop()!;
  nodes.page.words[at] = children.pop()!;
  return copy;
}

/** The page of the last number, up to its record, as a write. */
function pageSoFar({ kind, pool, count, page }: Copies): RecordWrite {
  return { key: partKey(kind, count >>> pool.pageBits), value: page.bytes.subarray(0, usedBytes(pool, count)) };
}

function usedBytes(pool: RecordPool, lastNumber: number): number {
  return 4 * (wordAt(pool, lastNumber) + pool.recordWords);
}

function imageHead(numbers: readonly number[]): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  head[0] = FORMAT;
  for (const [i, number] of numbers.entries()) view.setBigUint64(1 + 8 * i, BigInt(number));
  return head;
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
  const [imageHeight, logEnd, crown, lastBucket] = numbers;
  if (imageHeight !== height || logEnd !== log.end) return undefined;
  const { nodes, buckets } = tree;
  const isWhole =
    fillPool(kv, nodes, NODES, crown!) && fillPool(kv, buckets.entries, BUCKETS, lastBucket!) && resumeLog(buckets.log, log.end);
  if (!isWhole || placeBuckets(tree) !== keyCount || !equalBytes(childHash(tree, crown!, 0), root)) return undefined;
  return crown;
}

/** Fills an empty pool with the parts of a kind; false when one is missing. */
function fillPool(kv: KeyValueStore, pool: RecordPool, kind: number, lastNumber: number): boolean {
  pool.lastNumber = lastNumber;
  for (let number = 0; number <= lastNumber >>> pool.pageBits; number++) {
    const bytes = kv.get(partKey(kind, number));
    const isLast = number === lastNumber >>> pool.pageBits;
    if (bytes?.length !== (isLast ? usedBytes(pool, lastNumber) : 4 * pageWords(pool))) return false;
    const page = createPage(pageWords(pool));
    page.bytes.set(bytes);
    pool.pages.push(page);
  }
  return true;
}

/** Tells the log where the buckets lie, and counts their keys; -1 where one lies beyond it. */
function placeBuckets({ buckets }: Tree): number {
  const { entries, log } = buckets;
  let keyCount = 0;
  for (let bucket = 1; bucket <= entries.lastNumber; bucket++) {
    const position = positionOf(buckets, bucket);
    const page = pageNumber(position);
    if (page < log.first || page > lastNumber(log)) return -1;
    addResident(log, position, bucket);
    buckets.liveBytes += storedBytes(buckets, bucket);
    keyCount += countLeaves(buckets, bucket);
  }
  return keyCount;
}
