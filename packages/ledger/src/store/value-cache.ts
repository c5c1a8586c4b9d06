import { createPage, type Page } from "./tree/page.ts";

type Value = Uint8Array | undefined;

/** Values by state key, the recently used ones within a budget of bytes; undefined is the value of a key that has none. */
export interface ValueCache {
  /** A copy of the cached value, or what `load` gives, which is then cached. */
  get(key: string): Value;
  /** Puts a value and gives what `get` would have given; undefined without a look below unless the key `existed`. */
  exchange(key: string, value: Value, existed: boolean): Value;
}

/**
 * Entries side by side in pages, found through a table of their positions. As objects of JavaScript a million values would cost four times
 * the memory, and the collector would walk them again and again.
 */
interface Generation {
  readonly pages: Page[];
  /**
   * Twice as many places as entries or more, by hash of the key: position of the entry, 0 for none, and that hash, so that another's entry is not
   * fetched from memory to be compared.
   */
  table: Int32Array;
  count: number;
  /** Where the next entry goes. A position counts words from the first page's beginning; there is none at 0. */
  end: number;
}

/** An entry: lengths of key and value in bytes, both of them, up to the next word. No value has the length -1, no key 0. */
const HEAD_WORDS = 2;
const NO_VALUE = -1;
const FORGOTTEN = 0;

const PAGE_BITS = 18; // words: 1 MiB
const PAGE_WORDS = 1 << PAGE_BITS;
const PLACE_WORDS = 2;
const FIRST_TABLE = 1_024 * PLACE_WORDS;
/** An entry that finds no place so near takes one from another: whoever chooses keys by their hashes drives out entries, and slows down nothing. */
const MAX_PROBES = 16;

/** Of a key of 82 characters with 40 bytes, and its part of the table. */
const SHORT_VALUE_BYTES = 150;

/** About how many short values `budgetBytes` hold. */
export function shortValuesIn(budgetBytes: number): number {
  return budgetBytes / SHORT_VALUE_BYTES;
}

/**
 * Two generations of half the budget each: when the young one is full it becomes the old one, and what was used of the old one has moved
 * over by then. Nearly the order of a list of last uses, without its upkeep at every read.
 */
export function createValueCache(budgetBytes: number, load: (key: string) => Value): ValueCache {
  let young = createGeneration();
  let old = createGeneration();

  /** Keeps a value in the young generation; `youngAt` and `oldAt` are where the key's entries are, 0 for none. */
  function keep(key: string, hash: number, value: Value, youngAt: number, oldAt: number): void {
    if (youngAt !== 0 && overwrite(young, youngAt, key, value)) return;
    const words = entryWords(key, value);
    const isKept = words < PAGE_WORDS;
    if (isKept && 8 * (young.end + words) > budgetBytes) {
      old = young;
      oldAt = youngAt;
      young = createGeneration();
      youngAt = 0;
    }
    // What another entry drives out of the young generation must not come to light again in the old one as it was before.
    if (oldAt !== 0) forget(old, oldAt);
    if (isKept) addEntry(young, key, hash, value, words, youngAt);
    else if (youngAt !== 0) forget(young, youngAt);
  }

  return {
    get(key) {
      const hash = hashOf(key);
      const youngAt = find(young, key, hash);
      if (youngAt !== 0) return valueAt(young, youngAt);
      const oldAt = find(old, key, hash);
      const value = oldAt === 0 ? load(key) : valueAt(old, oldAt);
      keep(key, hash, value, 0, oldAt);
      return value;
    },
    exchange(key, value, existed) {
      const hash = hashOf(key);
      const youngAt = find(young, key, hash);
      const oldAt = youngAt === 0 ? find(old, key, hash) : 0;
      let before: Value;
      if (youngAt !== 0) before = valueAt(young, youngAt);
      else if (oldAt !== 0) before = valueAt(old, oldAt);
      else if (existed) before = load(key);
      keep(key, hash, value, youngAt, oldAt);
      return before;
    },
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
    const place = placeOf(table, hash, probe);
    const position = table[place]!;
    if (position === 0) return 0;
    if (table[place + 1] !== hash) continue;
    const page = pages[position >>> PAGE_BITS]!;
    const at = position & (PAGE_WORDS - 1);
    if (page.words[at] === key.length && isKey(key, page.bytes, 4 * (at + HEAD_WORDS))) return position;
  }
  return 0;
}

/** Where in the table the entry of a key with this hash is looked for next. */
function placeOf(table: Int32Array, hash: number, probe: number): number {
  return (PLACE_WORDS * (hash + probe)) & (table.length - 1);
}

function forget({ pages }: Generation, position: number): void {
  pages[position >>> PAGE_BITS]!.words[position & (PAGE_WORDS - 1)] = FORGOTTEN;
}

function isKey(key: string, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < key.length; i++) if (bytes[at + i] !== key.charCodeAt(i)) return false;
  return true;
}

function valueAt({ pages }: Generation, position: number): Value {
  const { words, bytes } = pages[position >>> PAGE_BITS]!;
  const at = position & (PAGE_WORDS - 1);
  const length = words[at + 1]!;
  const from = 4 * (at + HEAD_WORDS) + words[at]!;
  return length === NO_VALUE ? undefined : bytes.slice(from, from + length);
}

/** Writes a value over one of the same length, as most new values of a key are. */
function overwrite({ pages }: Generation, position: number, key: string, value: Value): boolean {
  const { words, bytes } = pages[position >>> PAGE_BITS]!;
  const at = position & (PAGE_WORDS - 1);
  if (words[at + 1] !== (value === undefined ? NO_VALUE : value.length)) return false;
  if (value !== undefined) bytes.set(value, 4 * (at + HEAD_WORDS) + key.length);
  return true;
}

/** Adds an entry, in place of the one that the key has at `known`, 0 for none. */
function addEntry(generation: Generation, key: string, hash: number, value: Value, words: number, known: number): void {
  if (2 * PLACE_WORDS * generation.count >= generation.table.length) growTable(generation);
  const position = reserve(generation, words);
  const page = generation.pages[position >>> PAGE_BITS]!;
  const at = position & (PAGE_WORDS - 1);
  page.words[at] = key.length;
  page.words[at + 1] = value === undefined ? NO_VALUE : value.length;
  const from = 4 * (at + HEAD_WORDS);
  for (let i = 0; i < key.length; i++) page.bytes[from + i] = key.charCodeAt(i);
  if (value !== undefined) page.bytes.set(value, from + key.length);
  point(generation, hash, known, position);
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

/** Makes the table lead to `position` for a key that it led to `known`, 0 for nowhere. */
function point(generation: Generation, hash: number, known: number, position: number): void {
  const { table } = generation;
  const place = placeWith(table, hash, known);
  if (table[place] === 0) generation.count += 1;
  table[place] = position;
  table[place + 1] = hash;
}

/**
 * The place that leads to `position` for a key with this hash, else the first free one; where there is none, the last that was looked at. Nothing lies beyond a
 * free one: what was put there would come to light when the free one is taken, older than what is known then.
 */
function placeWith(table: Int32Array, hash: number, position: number): number {
  let place = 0;
  for (let probe = 0; probe < MAX_PROBES; probe++) {
    place = placeOf(table, hash, probe);
    if (table[place] === position || table[place] === 0) break;
  }
  return place;
}

function growTable(generation: Generation): void {
  const { table } = generation;
  const larger = new Int32Array(2 * table.length);
  for (let from = 0; from < table.length; from += PLACE_WORDS) {
    if (table[from] === 0) continue;
    const hash = table[from + 1]!;
    const place = placeWith(larger, hash, 0);
    larger[place] = table[from]!;
    larger[place + 1] = hash;
  }
  generation.table = larger;
}
