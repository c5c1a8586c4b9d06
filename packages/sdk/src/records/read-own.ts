import type { Client } from "../client/client.ts";
import { inParallel } from "../client/in-parallel.ts";
import { openWithOwnerKey } from "../seal/seal-object.ts";
import type { OwnAccount } from "../transactions/own-account.ts";
import { fetchParts, type KnownObject, knownObjects, ownershipOf } from "./sealed-object.ts";
import { type OnUnreadable, unlessUnreadable } from "./unreadable.ts";

/** An object that was opened. */
export interface OpenedObject {
  readonly object: KnownObject;
  readonly plaintext: Uint8Array;
}

const PARALLEL_OPENINGS = 4;

export interface ReadOwnOptions {
  readonly as: Pick<OwnAccount, "account" | "signers" | "keys">;
  readonly objectIds: readonly string[];
  /** Hears of those that do not open, which are then left out. */
  readonly onUnreadable?: OnUnreadable;
}

/**
 * Opens objects of one's own with the owner capsules: no custodian, no release, no entry in the log. Rejects with GalenError, and with SealError
 * where a blob that has its address does not open, unless `onUnreadable` hears of it.
 */
export async function readOwn(client: Client, { as, objectIds, onUnreadable }: ReadOwnOptions): Promise<OpenedObject[]> {
  const known = await knownObjects(client, objectIds);
  const fetched = await fetchParts(client, { as, known, parts: ["ciphertext", "ownerCapsule"], onUnreadable });
  const opened = await inParallel(fetched, PARALLEL_OPENINGS, ({ object, blobs }) =>
    unlessUnreadable(object, onUnreadable, async () => {
      const plaintext = await openWithOwnerKey({ ...ownershipOf(client, object), ...blobs, recordKeys: as.keys.record });
      return { object, plaintext };
    }),
  );
  return opened.filter((one) => one !== undefined);
}
