/** Why keys cannot be read; the message of an error says more. */
export const keyFaults = {
  WordsInvalid: "these are not valid seed words; check the spelling, the order and that none is missing",
  KeyFileBroken: "the key file is damaged or is none; use another copy of it",
  KeyFileVersionUnknown: "the key file comes from a newer version of Galen; update, then open it again",
  PasswordWrong: "the passphrase does not open this key file; try again",
} as const;

export type KeyErrorCode = keyof typeof keyFaults;

/** Keys cannot be read. `code` is stable; the message says what to do and never holds a secret. */
export class KeyError extends Error {
  override readonly name = "KeyError";
  readonly code: KeyErrorCode;

  constructor(code: KeyErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
