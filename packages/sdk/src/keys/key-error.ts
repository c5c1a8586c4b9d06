export type KeyErrorCode = "WordsInvalid" | "KeyFileBroken" | "KeyFileVersionUnknown" | "PasswordWrong";

/** Keys cannot be read. `code` is stable; the message says what to do and never holds a secret. */
export class KeyError extends Error {
  override readonly name = "KeyError";
  readonly code: KeyErrorCode;

  constructor(code: KeyErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
