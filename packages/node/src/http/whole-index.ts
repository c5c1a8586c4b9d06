import type { Indexer } from "@galen/indexer";
import type { Backend } from "../backend.ts";
import { errors } from "./api-error.ts";

const RETRY_AFTER_MS = 2_000;

/**
 * The read model when it holds every block that was durable at the call. Throws Refusal api/PastMissing while it waits for one of the past: a list without a
 * grant or a reading that is on the ledger would look as if there were none.
 */
export async function wholeIndex({ engine, index }: Pick<Backend, "engine" | "index">): Promise<Indexer> {
  const { height } = engine.status();
  await index.caughtUp();
  const indexedHeight = await index.height();
  if (indexedHeight < height) throw errors.PastMissing({ height, indexedHeight, retryAfterMs: RETRY_AFTER_MS });
  return index;
}
