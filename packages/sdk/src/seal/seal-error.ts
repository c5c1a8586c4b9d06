export type SealErrorCode =
  | "CapsuleMalformed"
  | "CapsuleRefused"
  | "CiphertextMalformed"
  | "CiphertextRefused"
  | "ContentMalformed"
  | "ContentTooLarge";

/** A sealed object does not open. `code` is stable; the message says what happened and what to do. */
export class SealError extends Error {
  override readonly name = "SealError";
  readonly code: SealErrorCode;

  constructor(code: SealErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
