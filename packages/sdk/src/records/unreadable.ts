import type { VaultObject } from "@galen/ledger/modules/vault/index";
import { GalenError } from "../client/galen-error.ts";
import { SealError } from "../seal/seal-error.ts";

/** A `KnownObject`; that file needs this one. */
type Known = VaultObject & { readonly objectId: string };

/** An object that does not open, and why: whoever made it sealed something else than it says, or the node lost or altered a blob. */
export interface UnreadableObject {
  readonly object: Known;
  readonly error: SealError | GalenError;
}

/** Hears of the objects that do not open while the others do. */
export type OnUnreadable = (unreadable: UnreadableObject) => void;

/** Refusals that concern the one object that was asked for. */
const ofOneObject: ReadonlySet<string> = new Set(["blobs/NotHeld", "blobs/Corrupt", "client/WrongBlob", "vault/ObjectErased"]);

export function isUnreadable(error: unknown): error is SealError | GalenError {
  return error instanceof SealError || (error instanceof GalenError && ofOneObject.has(error.id));
}

/**
 * What `work` gives for an object; undefined when the object alone is at fault and `onUnreadable` takes note of it. Anybody who may file for an owner
 * could otherwise keep the owner from the whole record with one document that does not open.
 */
export async function unlessUnreadable<T>(
  object: Known,
  onUnreadable: OnUnreadable | undefined,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!onUnreadable || !isUnreadable(error)) throw error;
    onUnreadable({ object, error });
    return undefined;
  }
}
