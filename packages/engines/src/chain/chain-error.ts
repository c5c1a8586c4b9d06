/** What can be wrong with a stored chain, or keep it from being extended; the message of an error says more. */
export const chainFaults = {
  BlockMissing: "a block is missing; restore a backup",
  BlockAltered: "a block is not the one that the chain leads to; restore a backup",
  CommitInvalid: "the signatures under a block are wrong or too few; restore a backup",
  StateMismatch: "the state is not the one that the blocks led to; restore a backup, or replay the chain",
  SignedAnother: "the validator's key has signed another block at this height; restore the newest data",
  SignedAhead: "the validator's key has signed beyond the blocks that lie here; restore the newest data",
  WriteFailed: "a block could not be written; make room and start again",
} as const;

export type ChainErrorCode = keyof typeof chainFaults;

/** The chain cannot go on as it lies there. `code` is stable; the message says what was found and what to do. */
export class ChainError extends Error {
  override readonly name = "ChainError";
  readonly code: ChainErrorCode;

  constructor(code: ChainErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** A block between the first and the last is not there. What its batch wrote beside it may be lost as well. */
export function missingBlock(height: number): ChainError {
  return new ChainError("BlockMissing", `block ${height} is missing from the store; restore a backup`);
}
