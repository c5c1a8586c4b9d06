import { addPage, addResident, type BucketLog, LOG_PAGE_BYTES, lastPage } from "./bucket-log.ts";
import { corruptTree, LEAVES_AT, type RecordHead, rootAtOf, visitRecords } from "./bucket-record.ts";
import { addStoredBucket, countLeaves, positionOf, releaseBucket, storedBytes } from "./buckets.ts";
import { HASH_WORDS, INNER_WORDS, NO_CHILDREN } from "./levels.ts";
import { copyWords, createPage, type Page } from "./page.ts";
import { bitAt, PATH_BITS, PATH_BYTES } from "./paths.ts";
import { pageOf, releaseRecord, wordAt } from "./record-pool.ts";
import { addEmptyNode, childOf, type Side, setChild, setChildHash, type Tree } from "./tree.ts";

/**
 * The records that were found in the log, in its order, side by side in pages: words of the record, number of leaves and length of the prefix (1 word), position
 * (2), root hash (8), as many words of the prefix as it needs.
 */
interface Found {
  readonly pages: Page[];
  /** Where the next one goes, counted in words from the first page's beginning. */
  end: number;
  /** Where each begins. */
  starts: Uint32Array;
  count: number;
  fewestBits: number;
}

const COUNT_AT = 8; // bits
const SIZE_AT = 12;
const POSITION_AT = 1;
const FOUND_ROOT_AT = 3;
const PREFIX_AT = FOUND_ROOT_AT + HASH_WORDS;
const PREFIX_WORDS = PATH_BYTES / 4;

const PAGE_BITS = 18; // words: 1 MiB
const PAGE_WORDS = 1 << PAGE_BITS;

/**
 * Records are grouped by so many bits of their prefixes, or as many as all have: while one group is placed after the other, the nodes that
 * it needs stay in the processor's caches.
 */
const GROUP_BITS = 12;

const WORD_RANGE = 2 ** 32;

export interface Replayed {
  readonly crown: number;
  readonly keyCount: number;
}

/**
 * Makes the buckets and nodes of an empty tree from its log, which ends at `end`; the newest pages stay in memory. Undefined when a record is
 * missing or damaged; whether all of them make the right tree only its root tells.
 */
export function replayLog(tree: Tree, end: number): Replayed | undefined {
  const found = readRecords(tree.buckets.log, end);
  if (found === undefined) return undefined;
  const crown = addEmptyNode(tree);
  placeRecords(tree, crown, found);
  return { crown, keyCount: finishBelow(tree, crown, 0) };
}

function readRecords(log: BucketLog, end: number): Found | undefined {
  const found: Found = { pages: [], end: 0, starts: new Uint32Array(2 ** 12), count: 0, fewestBits: PATH_BITS };
  while (log.end < end) {
    const page = log.end % LOG_PAGE_BYTES === 0 && log.end > log.firstInMemory * LOG_PAGE_BYTES ? addPage(log) : lastPage(log);
    const size = Math.min(LOG_PAGE_BYTES, end - log.end);
    if (!log.read(log.end, page.bytes.subarray(0, size)) || !readPage(found, page, log.end, size / 4)) return undefined;
    log.end += size;
    log.handedOut = log.end;
    log.settled = log.end;
  }
  return found;
}

/** Adds the records of a page; false if there is something else on it. */
function readPage(found: Found, page: Page, start: number, end: number): boolean {
  return visitRecords(page, end, (at, head) => addFound(found, page, { ...head, at, position: start + 4 * at }));
}

interface FoundRecord extends RecordHead {
  readonly position: number;
  readonly at: number;
}

function addFound(found: Found, from: Page, { leafCount, prefixBits, words: size, position, at }: FoundRecord): void {
  const prefixWords = (prefixBits + 31) >>> 5;
  const start = reserve(found, PREFIX_AT + prefixWords);
  const { words } = found.pages[start >>> PAGE_BITS]!;
  const to = start & (PAGE_WORDS - 1);
  words[to] = (size << SIZE_AT) | (leafCount << COUNT_AT) | prefixBits;
  words[to + POSITION_AT] = Math.floor(position / WORD_RANGE);
  words[to + POSITION_AT + 1] = position % WORD_RANGE;
  copyWords(from.words, rootAtOf(at), words, to + FOUND_ROOT_AT, HASH_WORDS);
  // The first leaf's path begins with the prefix; where there is no leaf it stands alone.
  copyWords(from.words, leafCount > 0 ? at + LEAVES_AT : rootAtOf(at), words, to + PREFIX_AT, prefixWords);
  found.fewestBits = Math.min(found.fewestBits, prefixBits);
}

/** Where the next record begins, with room for the longest of them on its page. */
function reserve(found: Found, words: number): number {
  const isFull = (found.end & (PAGE_WORDS - 1)) + PREFIX_AT + PREFIX_WORDS > PAGE_WORDS;
  if (isFull) found.end = (found.end | (PAGE_WORDS - 1)) + 1;
  if (found.end >>> PAGE_BITS === found.pages.length) found.pages.push(createPage(PAGE_WORDS));
  if (found.count === found.starts.length) {
    const starts = new Uint32Array(2 * found.count);
    starts.set(found.starts);
    found.starts = starts;
  }
  const start = found.end;
  found.starts[found.count++] = start;
  found.end += words;
  return start;
}

/** Puts the records into the tree, group by group of those whose prefixes begin alike. */
function placeRecords(tree: Tree, crown: number, found: Found): void {
  const bits = Math.min(GROUP_BITS, found.fewestBits);
  const { sorted, ends } = groupByPrefix(found, bits);
  let next = 0;
  for (const end of ends) {
    let top: number | undefined;
    for (; next < end; next++) {
      const page = found.pages[sorted[next]! >>> PAGE_BITS]!;
      const start = sorted[next]! & (PAGE_WORDS - 1);
      top ??= makeTop(tree, crown, page, start, bits);
      placeRecord(tree, top, bits, page, start);
    }
  }
}

interface Groups {
  /** Where the records begin, group by group; those of a group stay in the order of the log. */
  readonly sorted: Uint32Array;
  /** Where each group ends in that. */
  readonly ends: Uint32Array;
}

function groupByPrefix({ pages, starts, count }: Found, bits: number): Groups {
  const groupOf = (start: number) => {
    const { bytes } = pages[start >>> PAGE_BITS]!;
    const at = 4 * ((start & (PAGE_WORDS - 1)) + PREFIX_AT);
    return bits === 0 ? 0 : ((bytes[at]! << 8) | bytes[at + 1]!) >>> (16 - bits);
  };
  const ends = new Uint32Array(1 << bits);
  for (let i = 0; i < count; i++) ends[groupOf(starts[i]!)]! += 1;
  for (let group = 1; group < ends.length; group++) ends[group]! += ends[group - 1]!;
  const sorted = new Uint32Array(count);
  const next = ends.slice();
  for (let i = count - 1; i >= 0; i--) sorted[--next[groupOf(starts[i]!)]!] = starts[i]!;
  return { sorted, ends };
}

/** The node below which a group lies. No bucket lies above it. */
function makeTop(tree: Tree, crown: number, { bytes }: Page, start: number, bits: number): number {
  let node = crown;
  for (let depth = 0; depth < bits; depth++) {
    const side = sideAt(bytes, 4 * (start + PREFIX_AT), depth);
    const child = childOf(tree, node, side);
    node = child > 0 ? child : makeChild(tree, node, side);
  }
  return node;
}

function makeChild(tree: Tree, node: number, side: Side): number {
  const child = addEmptyNode(tree);
  setChild(tree, node, side, child);
  return child;
}

/** Puts a record below `top`, which stands at `topDepth`. Whatever is at its place, above or below it is void. */
function placeRecord(tree: Tree, top: number, topDepth: number, page: Page, start: number): void {
  const leafCount = (page.words[start]! >>> COUNT_AT) & 0xf;
  const prefixBits = page.words[start]! & 0xff;
  const prefixAt = 4 * (start + PREFIX_AT);
  let node = top;
  for (let depth = topDepth; depth < prefixBits; depth++) {
    const side = sideAt(page.bytes, prefixAt, depth);
    const child = childOf(tree, node, side);
    if (child <= 0) {
      clear(tree, node, side);
      if (leafCount === 0) return;
    }
    node = child > 0 ? child : makeChild(tree, node, side);
  }
  const side = sideAt(page.bytes, prefixAt, prefixBits);
  clear(tree, node, side);
  if (leafCount === 0) return;
  const position = page.words[start + POSITION_AT]! * WORD_RANGE + (page.words[start + POSITION_AT + 1]! >>> 0);
  setChild(tree, node, side, -addStoredBucket(tree.buckets, leafCount, page.words[start]! >>> SIZE_AT, position));
  setChildHash(tree, node, side, page.words, start + FOUND_ROOT_AT);
}

/** Side on which a prefix goes on from a node at `depth`; the crown has the root on its left. */
function sideAt(bytes: Uint8Array, prefixAt: number, depth: number): Side {
  return depth === 0 ? 0 : bitAt(bytes, prefixAt, depth - 1);
}

/** Takes away what is below one side of a node. */
function clear(tree: Tree, node: number, side: Side): void {
  const below = childOf(tree, node, side);
  if (below === 0) return;
  const pending = [below];
  for (let child = pending.pop(); child !== undefined; child = pending.pop()) {
    if (child < 0) releaseBucket(tree.buckets, -child);
    if (child <= 0) continue;
    pending.push(childOf(tree, child, 0), childOf(tree, child, 1));
    releaseRecord(tree.nodes, child);
  }
  setChild(tree, node, side, 0);
  setChildHash(tree, node, side, NO_CHILDREN, 0);
}

/** Hashes all nodes below the one at `depth`, and counts their buckets as live. Returns how many keys there are. */
function finishBelow(tree: Tree, node: number, depth: number): number {
  if (depth > PATH_BITS) throw corruptTree();
  let keyCount = 0;
  for (const side of SIDES) {
    const child = childOf(tree, node, side);
    if (child < 0) keyCount += finishBucket(tree, -child);
    if (child <= 0) continue;
    const below = finishBelow(tree, child, depth + 1);
    keyCount += below;
    // All that was below was deleted, one side after the other.
    if (below === 0) clear(tree, node, side);
    else hashInto(tree, child, node, side);
  }
  return keyCount;
}

const SIDES = [0, 1] as const;
const HASH = createPage(HASH_WORDS);

function hashInto(tree: Tree, child: number, node: number, side: Side): void {
  const at = 4 * wordAt(tree.nodes, child);
  tree.crypto.hashBlocks(pageOf(tree.nodes, child).bytes.subarray(at, at + 4 * INNER_WORDS), HASH.bytes);
  setChildHash(tree, node, side, HASH.words, 0);
}

function finishBucket({ buckets }: Tree, bucket: number): number {
  addResident(buckets.log, positionOf(buckets, bucket), bucket);
  buckets.liveBytes += storedBytes(buckets, bucket);
  return countLeaves(buckets, bucket);
}
