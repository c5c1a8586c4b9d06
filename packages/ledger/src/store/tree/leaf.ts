import { copyWords, createPage, type Page } from "./page.ts";
import { PATH_BYTES } from "./paths.ts";

/** A leaf in memory and on disk: its path, then the hash of its value. */
export const LEAF_BYTES = 2 * PATH_BYTES;
export const LEAF_WORDS = LEAF_BYTES / 4;

/** Leaves side by side: `count` times `LEAF_WORDS`, from word `at` of `page`, ascending by path. */
export interface Leaves {
  readonly page: Page;
  readonly at: number;
  readonly count: number;
  /** Their values, from number `firstValue` on. */
  readonly values: LeafValues;
  readonly firstValue: number;
}

/** Values of leaves: of each, where in the words of `page` it begins, and its length in bytes. */
export interface LeafValues {
  readonly page: Page;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
}

/** Stands for the length of a value that does not lie with its leaf, but under its key alone. */
export const ELSEWHERE = -1;

/**
 * The longest value that lies with its leaf. A change writes the values of its neighbours once more: shorter values make more reads of LevelDB, longer ones a larger
 * log. That of an account with one key is below.
 */
const MAX_VALUE_BYTES = 128;

const NO_PAGE: Page = { words: new Int32Array(), bytes: new Uint8Array() };
const NO_VALUES: LeafValues = { page: NO_PAGE, starts: new Int32Array(), lengths: new Int32Array() };
export const NO_LEAVES: Leaves = { page: NO_PAGE, at: 0, count: 0, values: NO_VALUES, firstValue: 0 };

/** Byte in its page at which leaf `index`, and so its path, begins. */
export function pathAt(leaves: Leaves, index: number): number {
  return 4 * leaves.at + LEAF_BYTES * index;
}

/** The leaves from number `from` to before `to`. */
export function partOf({ page, at, values, firstValue }: Leaves, from: number, to: number): Leaves {
  return { page, at: at + LEAF_WORDS * from, count: to - from, values, firstValue: firstValue + from };
}

/** Words that a value of `length` takes: each begins at a word. */
export function valueWords(length: number): number {
  return (length + 3) >> 2;
}

/** Leaves that are written one after the other, with their values, in memory that is used again. */
export interface LeafList {
  page: Page;
  count: number;
  values: LeafValues;
  /** Word at which the next value begins. */
  valuesEnd: number;
}

export function createLeafList(): LeafList {
  return { page: NO_PAGE, count: 0, values: NO_VALUES, valuesEnd: 0 };
}

/** Where `count` values lie. */
export function createPlaces(count: number): Omit<LeafValues, "page"> {
  return { starts: new Int32Array(count), lengths: new Int32Array(count) };
}

export function clearLeaves(list: LeafList): void {
  list.count = 0;
  list.valuesEnd = 0;
}

/** `count` leaves of the list, from number `first` on. */
export function listedLeaves({ page, values }: LeafList, first: number, count: number): Leaves {
  return { page, at: LEAF_WORDS * first, count, values, firstValue: first };
}

/** Makes room for `count` leaves more. Page and values may be others afterwards. */
export function reserveLeaves(list: LeafList, count: number): void {
  const leafCount = list.count + count;
  const words = list.valuesEnd + count * valueWords(MAX_VALUE_BYTES);
  const { page, values } = list;
  if (values.page.words.length < words) {
    list.values = { ...values, page: createPage(2 * words) };
    list.values.page.words.set(values.page.words);
  }
  if (values.starts.length >= leafCount) return;
  list.page = createPage(2 * LEAF_WORDS * leafCount);
  list.page.words.set(page.words);
  list.values = { page: list.values.page, ...createPlaces(2 * leafCount) };
  list.values.starts.set(values.starts);
  list.values.lengths.set(values.lengths);
}

/** Adds `count` of the leaves, from number `from` on. There must be room. */
export function addLeaves(list: LeafList, leaves: Leaves, from: number, count: number): void {
  const { page, starts, lengths } = leaves.values;
  const first = leaves.firstValue + from;
  const valuesAt = list.valuesEnd;
  for (let i = 0; i < count; i++) placeValue(list, list.count + i, lengths[first + i]!);
  // Values lie in the order of their leaves without gaps.
  if (count > 0) copyWords(page.words, starts[first]!, list.values.page.words, valuesAt, list.valuesEnd - valuesAt);
  copyWords(leaves.page.words, leaves.at + LEAF_WORDS * from, list.page.words, LEAF_WORDS * list.count, LEAF_WORDS * count);
  list.count += count;
}

/** Adds the leaf at word `at` of `words` with its value if it is given one and that is short. There must be room. */
export function addLeaf(list: LeafList, words: Int32Array, at: number, value: Uint8Array | undefined): void {
  const valueAt = list.valuesEnd;
  const isKept = value !== undefined && value.length <= MAX_VALUE_BYTES;
  placeValue(list, list.count, isKept ? value.length : ELSEWHERE);
  if (isKept && value.length > 0) {
    list.values.page.words[list.valuesEnd - 1] = 0; // what fills it up to the word is part of the record
    list.values.page.bytes.set(value, 4 * valueAt);
  }
  copyWords(words, at, list.page.words, LEAF_WORDS * list.count, LEAF_WORDS);
  list.count += 1;
}

function placeValue(list: LeafList, number: number, length: number): void {
  list.values.starts[number] = list.valuesEnd;
  list.values.lengths[number] = length;
  if (length !== ELSEWHERE) list.valuesEnd += valueWords(length);
}
