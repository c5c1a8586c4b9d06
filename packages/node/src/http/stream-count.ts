import { errors } from "./api-error.ts";

/** Every stream reads every block; who finds no place asks again later. */
const MAX_STREAMS = 500;
const RETRY_AFTER_MS = 15_000;

/** How many streams are open. */
export interface StreamCount {
  open: number;
}

/** `events`, counted while somebody listens. Throws Refusal api/TooManyStreams at once when too many do. */
export function countedStream(count: StreamCount, events: AsyncGenerator<string>): AsyncGenerator<string> {
  if (count.open >= MAX_STREAMS) throw errors.TooManyStreams({ maxStreams: MAX_STREAMS, retryAfterMs: RETRY_AFTER_MS });
  return counted(count, events);
}

async function* counted(count: StreamCount, events: AsyncGenerator<string>): AsyncGenerator<string> {
  count.open += 1;
  try {
    yield* events;
  } finally {
    count.open -= 1;
  }
}
