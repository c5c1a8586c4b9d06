/** One change of a batch; `value` undefined deletes. */
export interface Write {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

export interface RangeOptions {
  readonly gte: Uint8Array;
  readonly lt: Uint8Array;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/**
 * The embedded key-value store below the ledger. Keys are ordered bytewise. Reads by key are synchronous, because handlers are;
 * ranges are asynchronous and used outside handlers only (start, snapshots, pruning, queries).
 */
export interface KeyValueStore {
  /** The value of the last write that resolved, or undefined. */
  get(key: Uint8Array): Uint8Array | undefined;
  /**
   * Applies all writes atomically, of two writes of one key the later; resolves when they are durable (fsync). Batches become visible and
   * durable in call order. When one fails nothing of it counts, and all later ones fail as well.
   */
  write(batch: readonly Write[]): Promise<void>;
  /** Entries in key order, over a consistent view taken at the call. */
  range(options: RangeOptions): AsyncIterable<readonly [key: Uint8Array, value: Uint8Array]>;
  close(): Promise<void>;
}
