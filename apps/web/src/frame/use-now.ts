import { useEffect, useState } from "react";

/** A timer takes no longer time than this. */
const LONGEST_MS = 2 ** 31 - 1;

/** The time of now, milliseconds since 1970, for what is drawn by it: drawn anew as each of these moments passes. */
export function useNow(moments: readonly number[]): number {
  const [, drawAnew] = useState(0);
  const now = Date.now();
  const next = nextOf(moments, now);
  useEffect(() => {
    if (next === undefined) return;
    // Once more every time: an early timer, and one that ended at its longest, only begin another.
    const timer = setInterval(() => drawAnew(Date.now()), Math.min(Math.max(1, next - Date.now()), LONGEST_MS));
    return () => clearInterval(timer);
  }, [next]);
  return now;
}

/** The first moment that is yet to come. */
export function nextOf(moments: readonly number[], now: number): number | undefined {
  const coming = moments.filter((moment) => moment > now);
  return coming.length === 0 ? undefined : coming.reduce((first, moment) => Math.min(first, moment));
}
