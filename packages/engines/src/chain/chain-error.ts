/** What can be wrong with a stored chain, or keep it from being extended. */
export type ChainErrorCode =
  | "BlockMissing"
  | "BlockAltered"
  | "CommitInvalid"
  | "StateMismatch"
  | "SignedAnother"
  | "SignedAhead"
  | "WriteFailed";

/** The chain cannot go on as it lies there. `code` is stable; the message says what was found and what to do. */
export class ChainError extends Error {
  override readonly name = "ChainError";
  readonly code: ChainErrorCode;

  constructor(code: ChainErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** A block between the first and the last is not there. */
export function missingBlock(height: number): ChainError {
  return new ChainError("BlockMissing", `block ${height} is missing from the store; restore a backup`);
}
