/** What an operator may tune. */
export interface EmbeddedEngineSettings {
  /** Least time between two blocks with transactions. 0 for none. */
  readonly blockIntervalMs: number;
  /** How long the empty block that makes the last one provable waits for transactions, which would make it needless. */
  readonly proofDelayMs: number;
  /** An empty block after so long without any; Infinity for never. */
  readonly emptyBlockIntervalMs: number;
  /** How far block time may lie behind the clock when a transaction arrives; beyond it, empty blocks bring it up first. */
  readonly staleTimeMs: number;
  readonly maxPoolTxs: number;
  readonly maxPoolBytes: number;
}

/** The pool stays within what the ledger remembers as verified, so that no signature is checked twice. */
export const defaultSettings: EmbeddedEngineSettings = {
  blockIntervalMs: 0,
  proofDelayMs: 5,
  emptyBlockIntervalMs: Infinity,
  staleTimeMs: 2_000,
  maxPoolTxs: 10_000,
  maxPoolBytes: 33_554_432,
};
