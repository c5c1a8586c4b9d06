/** What nobody had is looked for again after this time, which doubles up to an hour: nodes start together, and learn of each other, within seconds. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 3_600_000;
/** After this time a blob that nobody had is looked for again when somebody asks for it. */
const PATIENCE_MS = 60_000;
/** Lost blobs that are remembered by address; more are counted in the round that finds them. */
const MAX_REMEMBERED = 10_000;

/** The blobs that no node that answers has. */
export interface LostBlobs {
  readonly count: number;
  /** Whether it is worth asking for: not known to be lost, or for a while. */
  isDue(address: string): boolean;
  /** Takes note of what `asked` led to; what is not missing is forgotten. Gives those that were not known to be lost. */
  settle(asked: readonly string[], missing: readonly string[]): readonly string[];
  stop(): void;
}

/** Remembers what is lost, and has it looked for again by itself: soon at first, then ever more rarely. `look` must end in `settle`. */
export function rememberLost(options: { readonly now: () => number; readonly look: (addresses: readonly string[]) => void }): LostBlobs {
  const { now, look } = options;
  const lost = new Map<string, number>();
  let isStopped = false;
  let retry: NodeJS.Timeout | undefined;
  let retryMs = FIRST_RETRY_MS;

  function lookAgain(): void {
    retry = undefined;
    retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
    if (lost.size > 0) look([...lost.keys()]);
  }

  return {
    get count() {
      return lost.size;
    },
    isDue: (address) => now() - (lost.get(address) ?? 0) > PATIENCE_MS,
    settle(asked, missing) {
      const unknown = missing.filter((address) => !lost.has(address));
      for (const address of asked) lost.delete(address);
      for (const address of missing) if (lost.size < MAX_REMEMBERED) lost.set(address, now());
      if (unknown.length > 0 || missing.length < asked.length) retryMs = FIRST_RETRY_MS;
      if (lost.size > 0 && !isStopped) retry ??= setTimeout(lookAgain, retryMs);
      return unknown;
    },
    stop() {
      isStopped = true;
      clearTimeout(retry);
    },
  };
}
