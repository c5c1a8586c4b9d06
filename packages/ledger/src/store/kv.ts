/** One change of a batch. */
export type Write = RecordWrite | LogWrite | LogDrop;

/** Sets a record; `value` undefined deletes it. */
export interface RecordWrite {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
  /**
   * The value is large, and neither changed nor deleted later: it may be kept where it is written once, and where its room never becomes free. It must not
   * change until the write has resolved.
   */
  readonly isPermanent?: true;
}

/** Writes the log from byte `position` on. What `bytes` holds must not change until the write has resolved. */
export interface LogWrite {
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** Gives up the log before a position; the space is free when as much of it has come together as the store takes at a time. */
export interface LogDrop {
  readonly dropBefore: number;
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
 *
 * Beside the records lies one log: bytes at positions from 0, for what is written once, read by its place and given up from the beginning.
 */
export interface KeyValueStore {
  /** The value of the last write that resolved, or undefined. */
  get(key: Uint8Array): Uint8Array | undefined;
  /**
   * Applies all writes atomically, of two writes of one key the later; resolves when they are durable (fsync). Batches become visible and
   * durable in call order. When one fails nothing of it counts, and all later ones fail as well.
   */
  write(batch: readonly Write[]): Promise<void>;
  /** Fills `target` with the log from `position` on; false if not all of it was ever written. */
  readLog(position: number, target: Uint8Array): boolean;
  /** Entries in key order, over a consistent view taken at the call. */
  range(options: RangeOptions): AsyncIterable<readonly [key: Uint8Array, value: Uint8Array]>;
  /** Their keys alone, which takes a third of the time. */
  keys(options: RangeOptions): AsyncIterable<Uint8Array>;
  /**
   * Takes what was deleted under these keys out of the store's files as well, where the values may lie for long after; records that are there stay. Takes
   * seconds, more the further the keys are apart, beside other reads and writes.
   */
  purge(keys: readonly Uint8Array[]): Promise<void>;
  close(): Promise<void>;
}
