import { setImmediate } from "node:timers/promises";

/** Requests, votes and signals wait for as long; a turn for each block would cost more than most blocks. */
const SLICE_MS = 5;

/**
 * For work in many steps that wait for nothing: to be awaited after each of them. It gives the event loop a turn when the time of a slice has passed since the last
 * one, or since the call that made it.
 */
export function createTimeSlices(): () => Promise<void> {
  let begunAt = performance.now();
  return async () => {
    if (performance.now() - begunAt < SLICE_MS) return;
    await setImmediate();
    begunAt = performance.now();
  };
}
