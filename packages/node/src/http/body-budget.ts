import { errors } from "./api-error.ts";

/** What the large bodies under way may take of the node's memory together, those of requests and those of answers apart. Half of it takes all that one import sends at once, twelve times 16 MiB. */
const MAX_BYTES = 536_870_912;
/** Smaller bodies are bounded by the connections alone, so that nobody who sends large ones can keep them out. */
const COUNTED_FROM_BYTES = 65_537;
const RETRY_AFTER_MS = 2_000;

/**
 * The memory of the large bodies that are on their way or being answered: it is taken before their first byte, hence before the signature of a request is known,
 * and given back when the last one has left, as a client can be slow to read, too.
 */
export interface BodyBudget {
  /** Takes memory for a body of a client address until the function that it gives is called. Throws Refusal api/TooManyBodies. */
  take(address: string, bytes: number): () => void;
}

/** A budget of which an address may hold no more than is still free: one that sends without end leaves half of it to the others. */
export function createBodyBudget(maxBytes = MAX_BYTES): BodyBudget {
  const held = new Map<string, number>();
  let free = maxBytes;

  function change(address: string, by: number): void {
    const now = (held.get(address) ?? 0) + by;
    if (now === 0) held.delete(address);
    else held.set(address, now);
    free -= by;
  }

  return {
    take(address, bytes) {
      if (bytes < COUNTED_FROM_BYTES) return () => {};
      if ((held.get(address) ?? 0) + bytes > free - bytes) throw errors.TooManyBodies({ retryAfterMs: RETRY_AFTER_MS });
      change(address, bytes);
      return () => change(address, -bytes);
    },
  };
}
