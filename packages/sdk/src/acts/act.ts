import type { codecOf } from "@galen/ledger/schema/codec";
import type { InEvery } from "./language.ts";
import type { Say } from "./say.ts";

type Schema = Parameters<typeof codecOf>[0];
type ValueOf<S extends Schema> = ReturnType<ReturnType<typeof codecOf<S>>["decode"]>;

/** An act in words: what it is, then its particulars, a line each. */
export type Told = readonly [title: string, ...lines: readonly (string | undefined)[]];

/** How one kind of message is told in every language. */
export type Telling = InEvery<(value: never, say: Say) => Told>;

/** Ties the words of a kind of message to its schema; a line that is undefined is left out. */
export function telling<S extends Schema>(_schema: S, words: InEvery<(value: ValueOf<S>, say: Say) => Told>): Telling {
  return words;
}
