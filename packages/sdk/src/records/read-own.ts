import type { Client } from "../client/client.ts";
import { inParallel } from "../client/in-parallel.ts";
import { openWithOwnerKey } from "../seal/seal-object.ts";
import type { OwnAccount } from "../transactions/own-account.ts";
import { fetchAhead, fetchParts, type KnownObject, knownObjects, ownershipOf } from "./sealed-object.ts";
import { type OnUnreadable, unlessUnreadable } from "./unreadable.ts";

/** An object that was opened. */
export interface OpenedObject {
  readonly object: KnownObject;
  readonly plaintext: Uint8Array;
}

const PARALLEL_OPENINGS = 4;
const PARTS = ["ciphertext", "ownerCapsule"] as const;

export interface ReadOwnOptions {
  readonly as: Pick<OwnAccount, "account" | "signers" | "keys">;
  readonly objectIds: readonly string[];
  /** Hears of those that do not open, which are then left out. */
  readonly onUnreadable?: OnUnreadable;
  /** Leaves out what is erased, instead of refusing. */
  readonly withoutErased?: boolean;
}

/**
 * Opens objects of one's own with the owner capsules: no custodian, no release, no entry in the log. Rejects with GalenError, and with SealError
 * where a blob that has its address does not open, unless `onUnreadable` hears of it.
 */
export async function readOwn(client: Client, options: ReadOwnOptions): Promise<OpenedObject[]> {
  const { as, objectIds, onUnreadable, withoutErased = false } = options;
  // Side by side: the bytes are held against the proven addresses before they are opened.
  const [objects, ahead] = await Promise.all([knownObjects(client, objectIds), fetchAhead(client, { as, objectIds, parts: PARTS })]);
  const known = withoutErased ? objects.filter(({ erasedAt }) => erasedAt === undefined) : objects;
  const fetched = await fetchParts(client, { as, known, parts: PARTS, onUnreadable, ahead });
  const opened = await inParallel(fetched, PARALLEL_OPENINGS, ({ object, blobs }) =>
    unlessUnreadable(object, onUnreadable, async () => {
      const plaintext = await openWithOwnerKey({ ...ownershipOf(client, object), ...blobs, recordKeys: as.keys.record });
      return { object, plaintext };
    }),
  );
  return opened.filter((one) => one !== undefined);
}
