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
  readonly onUnreadable?: OnUnreadable | undefined;
  /** A plaintext that is larger does not open; default `MAX_PLAINTEXT_SIZE`. */
  readonly maxSizeBytes?: number;
  /** Leaves out what is erased, instead of refusing. */
  readonly withoutErased?: boolean;
}

/**
 * Opens objects of one's own with the owner capsules: no custodian, no release, no entry in the log. Rejects with GalenError, and with SealError
 * where a blob that has its address does not open, unless `onUnreadable` hears of it.
 */
export function readOwn(client: Client, options: ReadOwnOptions): Promise<OpenedObject[]> {
  return readOwnEach(client, options, (opened) => opened);
}

/**
 * Like `readOwn`, for who needs only what `take` makes of each object, if anything: its plaintext is let go at once. All of them together may fill any
 * memory, as what is sealed is compressed.
 */
export async function readOwnEach<T>(client: Client, options: ReadOwnOptions, take: (opened: OpenedObject) => T | undefined): Promise<T[]> {
  const { as, objectIds, onUnreadable, maxSizeBytes, withoutErased = false } = options;
  // Side by side: the bytes are held against the proven addresses before they are opened.
  const [objects, ahead] = await Promise.all([knownObjects(client, objectIds), fetchAhead(client, { as, objectIds, parts: PARTS })]);
  const known = withoutErased ? objects.filter(({ erasedAt }) => erasedAt === undefined) : objects;
  const fetched = await fetchParts(client, { as, known, parts: PARTS, onUnreadable, ahead });
  const taken = await inParallel(fetched, PARALLEL_OPENINGS, ({ object, blobs }) =>
    unlessUnreadable(object, onUnreadable, async () => {
      const opening = { ...ownershipOf(client, object), ...blobs, recordKeys: as.keys.record, maxSizeBytes };
      return take({ object, plaintext: await openWithOwnerKey(opening) });
    }),
  );
  return taken.filter((one) => one !== undefined);
}
