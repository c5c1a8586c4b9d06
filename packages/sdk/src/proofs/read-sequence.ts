import type { KeyPart } from "@galen/ledger/app/collection";
import type { Sequence } from "@galen/ledger/app/sequence";
import type { Client } from "../client/client.ts";
import { galenError } from "../client/galen-error.ts";
import { inParallel } from "../client/in-parallel.ts";
import { proofErrors } from "./proof-error.ts";
import { readProven } from "./read-proven.ts";

const PARALLEL_PROOFS = 8;
/** Entries that are proven before the first of them is given out. */
const PAGE = 64;

/**
 * The entries of one of the ledger's append-only lists, newest first, each proven. The count is proven too, so the node can neither change an entry nor
 * leave one out. Rejects like `readProven`, and with proof/EntryWithheld.
 */
export async function* readSequence<V>(client: Client, sequence: Sequence<V>, of: KeyPart): AsyncGenerator<V, void, undefined> {
  const { value } = await readProven(client, sequence.counts, of);
  for (let end = value?.count ?? 0; end > 0; end -= PAGE) {
    const numbers = Array.from({ length: Math.min(PAGE, end) }, (_, index) => end - 1 - index);
    yield* await inParallel(numbers, PARALLEL_PROOFS, (number) => entryOf(client, sequence, of, number));
  }
}

async function entryOf<V>(client: Client, { entries }: Sequence<V>, of: KeyPart, number: number): Promise<V> {
  const { value, height } = await readProven(client, entries, of, number);
  // Below the count there is no gap: such a proof is from before the entry.
  if (value === undefined) throw galenError(proofErrors.EntryWithheld({ key: entries.keyOf(of, number), height }));
  return value;
}
