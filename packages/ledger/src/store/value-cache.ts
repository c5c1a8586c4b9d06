import { createPage, type Page } from "./tree/page.ts";

type Value = Uint8Array | undefined;

/** Values by state key, the recently used ones within a budget of bytes; undefined is the value of a key that has none. */
export interface ValueCache {
  /** A copy of the cached value, or what `load` gives, which is then cached. */
  get(key: string): Value;
  put(key: string, value: Value): void;
}

/**
 * Entries side by side in pages, found through a table of their positions. As objects of JavaScript a million values would cost four times
 * the memory, and the collector would walk them again and again.
 */
interface Generation {
  readonly pages: Page[];
  /** Positions of entries by hash of their key, 0 for none: twice as many places as entries or more. */
  table: Int32Array;
  count: number;
  /** Where the next entry goes. A position counts words from the first page's beginning; there is none at 0. */
  end: number;
}

/** An entry: hash of its key, lengths of key and value in bytes, both of them, up to the next word. No value has the length -1, no key 0. */
const HEAD_WORDS = 3;
const NO_VALUE = -1;
const FORGOTTEN = 0;

const PAGE_BITS = 18; // words: 1 MiB
const PAGE_WORDS = 1 << PAGE_BITS;
const FIRST_TABLE = 1_024;
/** An entry that finds no place so near takes one from another: whoever chooses keys by their hashes drives out entries, and slows down nothing. */
const MAX_PROBES = 16;

/**
 * Two generations of half the budget each: when the young one is full it becomes the old one, and what was used of the old one has moved
 * over by then. Nearly the order of a list of last uses, without its upkeep at every read.
 */
export function createValueCache(budgetBytes: number, load: (key: string) => Value): ValueCache {
  let young = createGeneration();
  let old = createGeneration();

  function keep(key: string, hash: number, value: Value): void {
    if (overwrite(young, key, hash, value)) return;
    const words = entryWords(key, value);
    const isKept = words < PAGE_WORDS;
    if (isKept && 8 * (young.end + words) > budgetBytes) {
      old = young;
      young = createGeneration();
    }
    // What another entry drives out of the young generation must not come to light again in the old one as it was before.
    forget(old, key, hash);
    if (isKept) addEntry(young, key, hash, value, words);
    else forget(young, key, hash);
  }

  return {
    get(key) {
      const hash = hashOf(key);
      const position = find(young, key, hash);
      if (position !== 0) return valueAt(young, position);
      const oldPosition = find(old, key, hash);
      const value = oldPosition === 0 ? load(key) : valueAt(old, oldPosition);
      keep(key, hash, value);
      return value;
    },
    put: (key, value) => keep(key, hashOf(key), value),
  };
}

function createGeneration(): Generation {
  return { pages: [], table: new Int32Array(FIRST_TABLE), count: 0, end: 1 };
}

/** FNV-1a over the characters, with its high bits mixed into the low ones that choose a place. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}

function entryWords(key: string, value: Value): number {
  return HEAD_WORDS + ((key.length + (value?.length ?? 0) + 3) >>> 2);
}

/** Position of a key's entry, 0 if it has none. */
function find({ pages, table }: Generation, key: string, hash: number): number {
  for (let probe = 0; probe < MAX_PROBES; probe++) {
    const position = table[(hash + probe) & (table.length - 1)]!;
    if (position === 0) return 0;
    const page = pages[position >>> PAGE_BITS]!;
    const at = position & (PAGE_WORDS - 1);
    if (page.words[at] === hash && page.words[at + 1] === key.length && isKey(key, page.bytes, 4 * (at + HEAD_WORDS))) return position;
  }
  return 0;
}

function forget(generation: Generation, key: string, hash: number): void {
  const position = find(generation, key, hash);
  if (position !== 0) generation.pages[position >>> PAGE_BITS]!.words[(position & (PAGE_WORDS - 1)) + 1] = FORGOTTEN;
}

function isKey(key: string, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < key.length; i++) if (bytes[at + i] !== key.charCodeAt(i)) return false;
  return true;
}

function valueAt({ pages }: Generation, position: number): Value {
  const { words, bytes } = pages[position >>> PAGE_BITS]!;
  const at = position & (PAGE_WORDS - 1);
  const length = words[at + 2]!;
  const from = 4 * (at + HEAD_WORDS) + words[at + 1]!;
  return length === NO_VALUE ? undefined : bytes.slice(from, from + length);
}

/** Writes a value over one of the same length, as most new values of a key are. */
function overwrite(generation: Generation, key: string, hash: number, value: Value): boolean {
  const position = find(generation, key, hash);
  if (position === 0) return false;
  const { words, bytes } = generation.pages[position >>> PAGE_BITS]!;
  const at = position & (PAGE_WORDS - 1);
  if (words[at + 2] !== (value === undefined ? NO_VALUE : value.length)) return false;
  if (value !== undefined) bytes.set(value, 4 * (at + HEAD_WORDS) + key.length);
  return true;
}

/** Adds an entry, in place of the one that the key has. */
function addEntry(generation: Generation, key: string, hash: number, value: Value, words: number): void {
  if (2 * generation.count >= generation.table.length) growTable(generation);
  const position = reserve(generation, words);
  const page = generation.pages[position >>> PAGE_BITS]!;
  const at = position & (PAGE_WORDS - 1);
  page.words[at] = hash;
  page.words[at + 1] = key.length;
  page.words[at + 2] = value === undefined ? NO_VALUE : value.length;
  const from = 4 * (at + HEAD_WORDS);
  for (let i = 0; i < key.length; i++) page.bytes[from + i] = key.charCodeAt(i);
  if (value !== undefined) page.bytes.set(value, from + key.length);
  point(generation, key, hash, position);
}

/** Room for an entry, which does not go over the end of a page. */
function reserve(generation: Generation, words: number): number {
  const { pages, end } = generation;
  const fits = (end & (PAGE_WORDS - 1)) + words <= PAGE_WORDS;
  const position = fits ? end : (end | (PAGE_WORDS - 1)) + 1;
  while (pages.length <= position >>> PAGE_BITS) pages.push(createPage(PAGE_WORDS));
  generation.end = position + words;
  return position;
}

/** Makes the table lead to `position` for this key. */
function point(generation: Generation, key: string, hash: number, position: number): void {
  const { table } = generation;
  const known = find(generation, key, hash);
  let place = hash & (table.length - 1);
  for (let probe = 0; probe < MAX_PROBES; probe++) {
    place = (hash + probe) & (table.length - 1);
    if (table[place] === known) break; // 0 when the key is new
  }
  if (table[place] === 0) generation.count += 1;
  table[place] = position;
}

function growTable(generation: Generation): void {
  const { pages, table } = generation;
  const larger = new Int32Array(2 * table.length);
  for (const position of table) {
    if (position === 0) continue;
    const hash = pages[position >>> PAGE_BITS]!.words[position & (PAGE_WORDS - 1)]!;
    let place = hash & (larger.length - 1);
    for (let probe = 1; larger[place] !== 0 && probe < MAX_PROBES; probe++) place = (hash + probe) & (larger.length - 1);
    larger[place] = position;
  }
  generation.table = larger;
}
