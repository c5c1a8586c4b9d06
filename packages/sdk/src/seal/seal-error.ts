/** Why a document does not open, or cannot be sealed; the message of an error says more. */
export const sealFaults = {
  CapsuleMalformed: "the capsule of the document's key is none of this version",
  CapsuleRefused: "the capsule was changed, or belongs to another key, document, owner or policy",
  CiphertextMalformed: "the sealed bytes do not have the length of whole segments",
  CiphertextRefused: "the sealed bytes were changed, or belong to another document",
  ContentMalformed: "what is sealed is not packed as documents are",
  ContentTooLarge: "the document is larger than the limit",
} as const;

export type SealErrorCode = keyof typeof sealFaults;

/** A sealed object does not open. `code` is stable; the message says what happened and what to do. */
export class SealError extends Error {
  override readonly name = "SealError";
  readonly code: SealErrorCode;

  constructor(code: SealErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
