import { errors } from "./api-error.ts";

/** Every stream reads every block; who finds no place asks again later. */
const MAX_STREAMS = 500;
/** Of one client address, behind which a whole house may stand: it does not take all places. */
const MAX_STREAMS_PER_ADDRESS = 125;
const RETRY_AFTER_MS = 15_000;

/** The streams that are open. */
export interface StreamCount {
  /** `events`, counted while somebody at this address listens. Throws Refusal api/TooManyStreams at once when too many do. */
  counted(address: string, events: AsyncGenerator<string>): AsyncGenerator<string>;
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

  async function* counting(address: string, events: AsyncGenerator<string>): AsyncGenerator<string> {
    change(address, 1);
    try {
      yield* events;
    } finally {
      change(address, -1);
    }
  }

  return {
    counted(address, events) {
      const maxStreams = all >= MAX_STREAMS ? MAX_STREAMS : MAX_STREAMS_PER_ADDRESS;
      if (all >= MAX_STREAMS || (open.get(address) ?? 0) >= MAX_STREAMS_PER_ADDRESS)
        throw errors.TooManyStreams({ maxStreams, retryAfterMs: RETRY_AFTER_MS });
      return counting(address, events);
    },
  };
}
