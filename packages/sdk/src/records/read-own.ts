import type { Client } from "../client/client.ts";
import { inParallel } from "../client/in-parallel.ts";
import { openWithOwnerKey } from "../seal/seal-object.ts";
import type { OwnAccount } from "../transactions/own-account.ts";
import { fetchParts, type KnownObject, knownObjects, ownershipOf } from "./sealed-object.ts";

/** An object that was opened. */
export interface OpenedObject {
  readonly object: KnownObject;
  readonly plaintext: Uint8Array;
}

const PARALLEL_OPENINGS = 4;

/**
 * Opens objects of one's own with the owner capsules: no custodian, no release, no entry in the log. Rejects with GalenError, and with SealError
 * where a blob that has its address does not open.
 */
export async function readOwn(
  client: Client,
  { as, objectIds }: { readonly as: Pick<OwnAccount, "account" | "signers" | "keys">; readonly objectIds: readonly string[] },
): Promise<OpenedObject[]> {
  const known = await knownObjects(client, objectIds);
  const blobs = await fetchParts(client, { as, known, parts: ["ciphertext", "ownerCapsule"] });
  return inParallel(known, PARALLEL_OPENINGS, async (object, index) => {
    const plaintext = await openWithOwnerKey({ ...ownershipOf(client, object), ...blobs[index]!, recordKeys: as.keys.record });
    return { object, plaintext };
  });
}
