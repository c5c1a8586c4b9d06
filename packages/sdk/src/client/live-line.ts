/** A connection that is given up when nothing comes over it for too long. */
export interface LiveLine {
  /** Aborts with a TimeoutError. */
  readonly signal: AbortSignal;
  /** Waits for what comes next. Between waits no time counts: who reads may take as long as it likes. */
  wait<T>(coming: Promise<T>): Promise<T>;
}

/** A line that may be silent for so many milliseconds. */
export function liveLine(silenceMs: number): LiveLine {
  const silence = new AbortController();
  const giveUp = () => silence.abort(new DOMException("nothing came", "TimeoutError"));
  return {
    signal: silence.signal,
    async wait(coming) {
      const timer = setTimeout(giveUp, silenceMs);
      try {
        return await coming;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
