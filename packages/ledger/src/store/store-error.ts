export type StoreErrorCode =
  | "VersionPruned"
  | "HeightOutOfOrder"
  | "StateCorrupt"
  | "FormatUnknown"
  | "RestoreUnfinished"
  | "StoreNotEmpty"
  | "SnapshotInvalid"
  | "SnapshotHeightPassed"
  | "StoreLocked"
  | "StoreUnreadable"
  | "StoreWriteFailed";

/** The store cannot do what was asked. `code` is stable; the message says what happened and what to do. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
