import { type Static, type TSchema, Type } from "typebox";
import { Integer } from "../schema/types.ts";
import { type Collection, defineCollection, type KeyPart } from "./collection.ts";
import type { ReadContext, WriteContext } from "./context.ts";

const Count = Type.Object({ count: Integer(0, Number.MAX_SAFE_INTEGER) });

/** Which entries of a sequence to read: numbers below `before` (default: all), at most `limit`. */
export interface Page {
  readonly before?: number | undefined;
  readonly limit: number;
}

/**
 * Append-only lists, one per owner key, numbered from 0. Every entry and every count is a record of its own, so a client proves against the
 * app hash not only an entry but that it has seen all of them. Cheaper than an ordered collection: two point writes per entry.
 */
export interface Sequence<V> {
  /** Entries under `prefix/<of>/<number>`, counts under `prefix-count/<of>`. */
  readonly entries: Collection<[of: KeyPart, number: number], V>;
  readonly counts: Collection<[of: KeyPart], { count: number }>;
  /** Adds an entry at the end and returns its number. */
  append(context: Pick<WriteContext, "state">, of: KeyPart, value: V): number;
  count(context: Pick<ReadContext, "state">, of: KeyPart): number;
  /** Entries from the newest down. */
  newestFirst(context: Pick<ReadContext, "state">, of: KeyPart, page: Page): { readonly number: number; readonly value: V }[];
}

/** Defines a sequence; both of its collections belong into the module's list. */
export function defineSequence<S extends TSchema>(prefix: string, schema: S): Sequence<Static<S>> {
  const entries = defineCollection<[of: KeyPart, number: number], S>(prefix, schema);
  const counts = defineCollection<[of: KeyPart], typeof Count>(`${prefix}-count`, Count);
  const count: Sequence<Static<S>>["count"] = (context, of) => counts.get(context, of)?.count ?? 0;
  return {
    entries,
    counts,
    count,
    append(context, of, value) {
      const number = count(context, of);
      entries.set(context, of, number, value);
      counts.set(context, of, { count: number + 1 });
      return number;
    },
    newestFirst(context, of, { before = Number.MAX_SAFE_INTEGER, limit }) {
      const end = Math.min(before, count(context, of));
      const start = Math.max(0, end - limit);
      return Array.from({ length: end - start }, (_, index) => {
        const number = end - 1 - index;
        return { number, value: entries.get(context, of, number)! };
      });
    },
  };
}
