/** What can be wrong with a store, or with what is asked of it; the message of an error says more. */
export const storeFaults = {
  VersionPruned: "the state at this height is not kept any more; ask for a later one",
  HeightOutOfOrder: "the next block was to be written, and this is another one",
  StateCorrupt: "the state on the disk is damaged; restore the node from a snapshot or a backup",
  FormatUnknown: "another release wrote this; use that one, or a newer one",
  RestoreUnfinished: "a restoring was broken off here; delete the folder and begin again",
  StoreNotEmpty: "a snapshot is restored into an empty store only; name another folder",
  SnapshotInvalid: "the snapshot is damaged, or is none of this network; take another one",
  SnapshotHeightPassed: "the state has gone on while the snapshot was begun; take it again",
  StoreLocked: "the folder belongs to a node that is running; stop that one first",
  StoreUnreadable: "the folder cannot be opened or read; the message names the cause",
  StoreWriteFailed: "the disk took no more; make room or repair it, then start again",
} as const;

export type StoreErrorCode = keyof typeof storeFaults;

/** The store cannot do what was asked. `code` is stable; the message says what happened and what to do. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
