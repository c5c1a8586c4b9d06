import { errors } from "./api-error.ts";

/** Every stream reads every block; who finds no place asks again later. */
const MAX_STREAMS = 500;
/** Of one client address, behind which a whole house may stand: it does not take all places. */
const MAX_STREAMS_PER_ADDRESS = 125;
const RETRY_AFTER_MS = 15_000;

/** The streams that are open. */
export interface StreamCount {
  /** Takes a place for a client address until the function that it gives is called. Throws Refusal api/TooManyStreams. */
  take(address: string): () => void;
}

export function createStreamCount(): StreamCount {
  const open = new Map<string, number>();
  let all = 0;

  function change(address: string, by: 1 | -1): void {
    const now = (open.get(address) ?? 0) + by;
    if (now === 0) open.delete(address);
    else open.set(address, now);
    all += by;
  }

  return {
    take(address) {
      const maxStreams = all >= MAX_STREAMS ? MAX_STREAMS : MAX_STREAMS_PER_ADDRESS;
      if (all >= MAX_STREAMS || (open.get(address) ?? 0) >= MAX_STREAMS_PER_ADDRESS)
        throw errors.TooManyStreams({ maxStreams, retryAfterMs: RETRY_AFTER_MS });
      change(address, 1);
      return () => change(address, -1);
    },
  };
}
