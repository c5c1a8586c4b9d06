import type { Indexer } from "@galen/indexer";
import type { Backend } from "../backend.ts";
import { errors } from "./api-error.ts";

const RETRY_AFTER_MS = 2_000;
/** Of a few blocks it is a matter of milliseconds. Of a long past, of minutes: whoever asks is told so, and not kept waiting. */
const MAX_WAIT_MS = 5_000;

/**
 * The read model when it holds every block that was durable at the call. Throws Refusal api/PastMissing while it lacks one, and api/ListsFailed when it cannot be
 * written: a list without a grant or a reading that is on the ledger would look as if there were none.
 */
export async function wholeIndex({ engine, index }: Pick<Backend, "engine" | "index">): Promise<Indexer> {
  const { height } = engine.status();
  await waitFor(index.caughtUp()).catch(() => {
    throw errors.ListsFailed({ height }); // why, the log has from `index.failure`
  });
  const indexedHeight = await index.height();
  if (indexedHeight < height) throw errors.PastMissing({ height, indexedHeight, retryAfterMs: RETRY_AFTER_MS });
  return index;
}

async function waitFor(caughtUp: Promise<void>): Promise<void> {
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, MAX_WAIT_MS);
  try {
    await Promise.race([caughtUp, enough]);
  } finally {
    clearTimeout(timer);
  }
}
