import { LEAF_WORDS } from "./tree/leaf.ts";
import { copyWords, createPage, type Page } from "./tree/page.ts";
import { comparePaths, PATH_BYTES } from "./tree/paths.ts";

/**
 * The keys that a block changed, by their paths, with their values before it. They live for many blocks: as objects of JavaScript they would be most of
 * what the collector walks.
 */
export interface ValuesBefore {
  /** Ascending, `PATH_BYTES` each. */
  readonly paths: Page;
  /** Per key where its value ends in `values`; it begins where the one before ends. */
  readonly ends: Uint32Array;
  /** Per key 1 if it had a value. */
  readonly existed: Uint8Array;
  readonly values: Uint8Array;
}

const PATH_WORDS = PATH_BYTES / 4;

/** Of no changes. */
export const nothingBefore: ValuesBefore = {
  paths: createPage(0),
  ends: new Uint32Array(0),
  existed: new Uint8Array(0),
  values: new Uint8Array(0),
};

/** Keeps copies of `values`, one for each of `leaves`, which are ascending; undefined where the key had none. */
export function keepValuesBefore(leaves: Page, values: readonly (Uint8Array | undefined)[]): ValuesBefore {
  const size = values.reduce((sum, value) => sum + (value?.length ?? 0), 0);
  const before: ValuesBefore = {
    paths: createPage(PATH_WORDS * values.length),
    ends: new Uint32Array(values.length),
    existed: new Uint8Array(values.length),
    values: new Uint8Array(size),
  };
  let end = 0;
  values.forEach((value, i) => {
    copyWords(leaves.words, LEAF_WORDS * i, before.paths.words, PATH_WORDS * i, PATH_WORDS);
    if (value) {
      before.existed[i] = 1;
      before.values.set(value, end);
      end += value.length;
    }
    before.ends[i] = end;
  });
  return before;
}

/** Which of the changed keys has this path; -1 if none has. */
export function indexOfPath({ paths, ends }: ValuesBefore, path: Uint8Array): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comparePaths(paths.bytes, PATH_BYTES * middle, path, 0) < 0) low = middle + 1;
    else high = middle;
  }
  return low < ends.length && comparePaths(paths.bytes, PATH_BYTES * low, path, 0) === 0 ? low : -1;
}

/** A copy of the value that the changed key at `index` had. */
export function valueBefore({ ends, existed, values }: ValuesBefore, index: number): Uint8Array | undefined {
  return existed[index] === 1 ? values.slice(index === 0 ? 0 : ends[index - 1], ends[index]) : undefined;
}

/** Memory that they take. */
export function sizeOfValuesBefore({ paths, ends, existed, values }: ValuesBefore): number {
  return paths.bytes.length + ends.byteLength + existed.length + values.length;
}
