import type { StateReader, StateWriter } from "./state-store.ts";

/**
 * Keys that can be walked in order: a B+ tree whose pages are ordinary records of the state, so that it is authenticated, lies under
 * the same overlays and needs point reads and writes only.
 *
 * A page is named by its level (0 = leaf) and the lower bound of its keys, "" for the leftmost; a leaf lists keys, an inner page the names
 * of its children, of which the first equals its own. A page without keys, or with its first child only, has no record. So nothing points
 * to pages but names, and a page that empties vanishes.
 *
 *     ~index              level of the root, one byte; absent: 0
 *     ~index~level~name   the page's keys, ascending, one per line
 */
interface Page {
  readonly level: number;
  readonly name: string;
  readonly keys: readonly string[];
}

/** Keys per page. An insertion rewrites and hashes a page, a walk reads one: 32 keys of 60 characters are about 2 KB. */
const MAX_PAGE_KEYS = 32;

/** Which keys to walk: from `gte` (inclusive) to `lt` (exclusive), at most `limit`. */
export interface OrderedRange {
  readonly gte?: string;
  readonly lt?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/**
 * Adds `key` to the index; does nothing if it is there. Keys are ordered by their ASCII characters. `index` is a name without "~"; it and
 * the key together stay below 1,000 characters.
 */
export function orderedInsert(state: StateWriter, index: string, key: string): void {
  if (!isIndexName(index)) throw new RangeError(`the name of an index has no "~" and is not empty: ${JSON.stringify(index)}`);
  const path = descend(state, index, (name) => name <= key);
  let added = key;
  for (const page of path.toReversed()) {
    const at = countWhile(page.keys, (present) => present < added);
    if (page.keys[at] === added) return;
    const keys = page.keys.toSpliced(at, 0, added);
    if (keys.length <= MAX_PAGE_KEYS) {
      writePage(state, index, { ...page, keys });
      return;
    }

    // Ascending keys (heights, times) leave full pages behind them instead of half-full ones.
    const middle = at === MAX_PAGE_KEYS ? at : keys.length >>> 1;
    added = keys[middle]!;
    writePage(state, index, { ...page, keys: keys.slice(0, middle) });
    writePage(state, index, { level: page.level, name: added, keys: keys.slice(middle) });
  }
  writeRootLevel(state, index, path.length);
  writePage(state, index, { level: path.length, name: "", keys: ["", added] });
}

/** Takes `key` out of the index; does nothing if it is not there. */
export function orderedDelete(state: StateWriter, index: string, key: string): void {
  const [leaf, ...parents] = descend(state, index, (name) => name <= key).toReversed();
  if (!leaf!.keys.includes(key)) return;
  const page = { ...leaf!, keys: leaf!.keys.filter((present) => present !== key) };
  writePage(state, index, page);
  if (page.keys.length === 0) forgetChild(state, index, page.name, parents);
}

/** The keys of the index in ascending order, or descending with `reverse`. The walk goes on if the index changes under it. */
export function* orderedKeys(state: StateReader, index: string, range: OrderedRange = {}): Iterable<string> {
  const { reverse = false, limit = Number.POSITIVE_INFINITY } = range;
  let left = limit;
  for (const keys of reverse ? leavesDown(state, index, range) : leavesUp(state, index, range)) {
    for (const key of keys) {
      if (left-- <= 0) return;
      yield key;
    }
  }
}

function* leavesUp(state: StateReader, index: string, { gte = "", lt }: OrderedRange): Iterable<readonly string[]> {
  const inRange = (key: string) => key >= gte && (lt === undefined || key < lt);
  let from: string | undefined = gte;
  while (from !== undefined && (lt === undefined || from < lt)) {
    const start: string = from;
    const path = descend(state, index, (name) => name <= start);
    yield path.at(-1)!.keys.filter(inRange);
    from = nextName(path, start);
  }
}

function* leavesDown(state: StateReader, index: string, { gte = "", lt }: OrderedRange): Iterable<readonly string[]> {
  const inRange = (key: string) => key >= gte && (lt === undefined || key < lt);
  let before = lt;
  while (before === undefined || before > gte) {
    const end: string | undefined = before;
    const leaf = descend(state, index, (name) => end === undefined || name < end).at(-1)!;
    yield leaf.keys.filter(inRange).reverse();
    before = leaf.name;
    if (before === "") return;
  }
}

/** Name of the leaf after the one that `path` leads to: the next child, at the lowest level that has one. */
function nextName(path: readonly Page[], start: string): string | undefined {
  const inner = path.filter(({ level }) => level > 0).toReversed();
  return inner.map(({ keys }) => keys.find((name) => name > start)).find((name) => name !== undefined);
}

/** The pages from the root to a leaf, each the last of its parent's children whose name passes `holds`; the first one always may. */
function descend(state: StateReader, index: string, holds: (name: string) => boolean): Page[] {
  const path: Page[] = [];
  let name = "";
  for (let level = readRootLevel(state, index); level >= 0; level--) {
    const page = readPage(state, index, level, name);
    path.push(page);
    name = page.keys[countWhile(page.keys, holds) - 1] ?? page.name;
  }
  return path;
}

/** Takes the name of an emptied page out of its parents, from the lowest up, as far as they empty with it. */
function forgetChild(state: StateWriter, index: string, emptied: string, parents: readonly Page[]): void {
  let name = emptied;
  for (const page of parents) {
    if (name !== page.name) {
      const keys = page.keys.filter((present) => present !== name);
      writePage(state, index, { ...page, keys });
      if (keys.length > 1 || !isEmpty(state, index, page.level - 1, page.name)) break;
    } else if (page.keys.length > 1) break;
    name = page.name;
  }
  lowerRoot(state, index);
}

/** Only a leaf with keys and an inner page with further children have records; an inner page without one still has its first child. */
function isEmpty(state: StateReader, index: string, fromLevel: number, name: string): boolean {
  for (let level = fromLevel; level >= 0; level--) if (state.get(pageKey(index, level, name)) !== undefined) return false;
  return true;
}

function lowerRoot(state: StateWriter, index: string): void {
  const before = readRootLevel(state, index);
  let level = before;
  while (level > 0 && state.get(pageKey(index, level, "")) === undefined) level--;
  if (level !== before) writeRootLevel(state, index, level);
}

/** `keys` pass `test` up to some place and not from there on: that place, by halving. */
function countWhile(keys: readonly string[], test: (key: string) => boolean): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(keys[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isIndexName(index: string): boolean {
  return index !== "" && !index.includes("~");
}

function pageKey(index: string, level: number, name: string): string {
  return `~${index}~${level}~${name}`;
}

function readRootLevel(state: StateReader, index: string): number {
  return state.get(`~${index}`)?.[0] ?? 0;
}

function writeRootLevel(state: StateWriter, index: string, level: number): void {
  if (level === 0) state.delete(`~${index}`);
  else state.set(`~${index}`, Uint8Array.of(level));
}

function readPage(state: StateReader, index: string, level: number, name: string): Page {
  const bytes = state.get(pageKey(index, level, name));
  if (bytes !== undefined) return { level, name, keys: String.fromCharCode(...bytes).split("\n") };
  return { level, name, keys: level === 0 ? [] : [name] };
}

function writePage(state: StateWriter, index: string, { level, name, keys }: Page): void {
  if (keys.length <= (level === 0 ? 0 : 1)) {
    state.delete(pageKey(index, level, name));
    return;
  }
  const text = keys.join("\n");
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  state.set(pageKey(index, level, name), bytes);
}
