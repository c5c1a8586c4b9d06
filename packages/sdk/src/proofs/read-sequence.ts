import type { Collection, KeyPart } from "@galen/ledger/app/collection";
import type { Sequence } from "@galen/ledger/app/sequence";
import type { Client } from "../client/client.ts";
import { galenError } from "../client/galen-error.ts";
import { proofErrors } from "./proof-error.ts";
import { readProven, readProvenList } from "./read-proven.ts";

/** Entries that are proven by one request, before the first of them is given out. */
const PAGE = 64;

/** A list of the ledger whose entries name records of a collection. */
export interface NamingSequence<E, V> {
  readonly sequence: Sequence<E>;
  /** Whose list. */
  readonly of: KeyPart;
  readonly collection: Collection<[id: string], V>;
  readonly idOf: (entry: E) => string;
  /** Entries with a number below it; all unless given. */
  readonly before?: number | undefined;
}

/**
 * The entries of one of the ledger's append-only lists, newest first, each proven. Their count is proven too, so the node can neither change an entry nor
 * leave one out. Rejects like `readProven`, and with proof/EntryWithheld.
 */
export async function* readEntries<E>(client: Client, sequence: Sequence<E>, of: KeyPart): AsyncGenerator<E, void, undefined> {
  for await (const page of entryPages(client, sequence, of)) yield* page;
}

/** The records that the entries of a list name, newest first, proven like them. Rejects likewise. */
export async function* readNamed<E, V>(
  client: Client,
  { sequence, of, collection, idOf, before }: NamingSequence<E, V>,
): AsyncGenerator<{ readonly id: string; readonly value: V }, void, undefined> {
  for await (const entries of entryPages(client, sequence, of, before)) {
    const ids = entries.map(idOf);
    const values = await readAll(
      client,
      collection,
      ids.map((id) => [id] as const),
    );
    yield* values.map((value, place) => ({ id: ids[place]!, value }));
  }
}

async function* entryPages<E>(client: Client, sequence: Sequence<E>, of: KeyPart, before?: number): AsyncGenerator<E[], void, undefined> {
  for (let end = before ?? (await countOf(client, sequence, of)); end > 0; end -= PAGE) {
    const numbers = Array.from({ length: Math.min(PAGE, end) }, (_, place) => end - 1 - place);
    yield await readAll(
      client,
      sequence.entries,
      numbers.map((number) => [of, number] as const),
    );
  }
}

async function countOf<E>(client: Client, { counts }: Sequence<E>, of: KeyPart): Promise<number> {
  return (await readProven(client, counts, of)).value?.count ?? 0;
}

/** Records that are there: a proof that one is not is from before it was written. */
async function readAll<K extends readonly KeyPart[], V>(client: Client, collection: Collection<K, V>, keys: readonly K[]): Promise<V[]> {
  const found = await readProvenList(client, collection, keys);
  return found.map(({ value, height }, place) => {
    if (value === undefined) throw galenError(proofErrors.EntryWithheld({ key: collection.keyOf(...keys[place]!), height }));
    return value;
  });
}
