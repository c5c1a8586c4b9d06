/** When a request is given up. */
export interface Deadline {
  /** Aborts with a TimeoutError. */
  readonly signal: AbortSignal;
  /** Allows, besides, the time that so many bytes take on the slowest line that is waited for. */
  extendBy(bytes: number): void;
}

/** 128 kbit/s. Whoever sends nothing, or a byte now and then, is given up all the same. */
const SLOWEST_BYTES_PER_MS = 16;

/** A deadline in so many milliseconds from now. */
export function createDeadline(timeoutMs: number): Deadline {
  const givenUp = new AbortController();
  let leftMs = timeoutMs;
  const wait = () => {
    const pause = AbortSignal.timeout(Math.ceil(leftMs)); // it keeps no process alive
    leftMs = 0;
    pause.addEventListener("abort", () => (leftMs > 0 ? wait() : givenUp.abort(pause.reason)));
  };
  wait();
  return {
    signal: givenUp.signal,
    extendBy(bytes) {
      leftMs += bytes / SLOWEST_BYTES_PER_MS;
    },
  };
}
