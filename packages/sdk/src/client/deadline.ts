/** When a request is given up. */
export interface Deadline {
  /** Aborts with a TimeoutError. */
  readonly signal: AbortSignal;
  /** Tells that so many bytes have come: what they take on the slowest line is allowed besides. */
  extendBy(bytes: number): void;
}

export interface DeadlineOptions {
  /** Milliseconds that are waited where next to nothing goes or comes. */
  readonly timeoutMs: number;
  /** Of the request's body. How much of it has gone, nobody tells. */
  readonly sentBytes?: number;
  /** Of the slowest line that is waited for; default 128 kbit/s. */
  readonly bytesPerMs?: number;
}

const SLOWEST_BYTES_PER_MS = 16;
/** With the time-outs of clients and nodes the two minutes that a node takes for a request. */
const MAX_SENDING_MS = 90_000;

/** A deadline that begins now. */
export function createDeadline({ timeoutMs, sentBytes = 0, bytesPerMs = SLOWEST_BYTES_PER_MS }: DeadlineOptions): Deadline {
  const givenUp = new AbortController();
  let leftMs = timeoutMs + Math.min(MAX_SENDING_MS, sentBytes / bytesPerMs);
  const wait = () => {
    const pause = AbortSignal.timeout(Math.ceil(leftMs)); // it keeps no process alive
    leftMs = 0;
    pause.addEventListener("abort", () => (leftMs > 0 ? wait() : givenUp.abort(pause.reason)));
  };
  wait();
  return {
    signal: givenUp.signal,
    extendBy(bytes) {
      leftMs += bytes / bytesPerMs;
    },
  };
}
