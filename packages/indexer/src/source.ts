/** A fact of the ledger, as its module defines it. */
export interface IndexedEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the read model needs of a durable block. */
export interface IndexedBlock {
  readonly height: number;
  /** Header time, milliseconds since 1970. */
  readonly time: number;
  /** Events outside any transaction, then those of each transaction, in their order. */
  readonly events: readonly IndexedEvent[];
}

/** Where blocks come from: the engine's, in practice. */
export interface BlockSource {
  /** Height of the last durable block; 0 before the first. */
  readonly height: number;
  /** A durable block; undefined beyond the last, and for one that is still missing: it is asked for again after the next call. */
  block(height: number): IndexedBlock | undefined;
  /**
   * Public keys that an account has now, hex: in the durable state, which may be ahead of the block that is being read. Throws for an account that is not
   * there.
   */
  keysOf(account: string): readonly string[];
  /** Calls after every durable block, and when missing ones have come. Returns the way to stop listening. */
  subscribe(listener: () => void): () => void;
}
