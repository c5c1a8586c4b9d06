import { blobAddress } from "@galen/ledger/crypto/blob-address";
import type { CapsuleOwnership } from "@galen/ledger/crypto/capsule-label";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { policyHash, type VaultObject } from "@galen/ledger/modules/vault/index";
import { objects } from "@galen/ledger/modules/vault/state";
import type { Actor } from "../client/actor.ts";
import type { Client } from "../client/client.ts";
import { fetchObjects, type ObjectPart } from "../client/fetch-objects.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { inParallel } from "../client/in-parallel.ts";
import { query } from "../client/query.ts";
import { readProven } from "../proofs/read-proven.ts";

/** An object as the ledger has it, and its id. */
export interface KnownObject extends VaultObject {
  readonly objectId: string;
}

const PARALLEL_LOOK_UPS = 8;
/** Bytes of ciphertext asked for at once, and objects that a node gives at once. */
const MAX_FETCH_BYTES = 33_554_432;
const MAX_FETCH_OBJECTS = 256;

/** What the ledger says of objects; proven if the client trusts somebody. Rejects with GalenError client/UnknownObject, vault/UnknownObject. */
export function knownObjects(client: Client, objectIds: readonly string[]): Promise<KnownObject[]> {
  return inParallel(objectIds, PARALLEL_LOOK_UPS, async (objectId) => ({ objectId, ...(await knownObject(client, objectId)) }));
}

async function knownObject(client: Client, objectId: string): Promise<VaultObject> {
  if (!client.trust) return (await query<VaultObject>(client, "vault.object", { objectId })).result;
  const { value } = await readProven(client, objects, objectId);
  if (!value) throw galenError(clientErrors.UnknownObject({ objectId }));
  return value;
}

/** To whom the capsules of an object are bound. */
export function ownershipOf(client: Client, { objectId, owner, policy }: KnownObject): CapsuleOwnership {
  return { objectId, owner, policyHash: policyHash(policy, client.crypto) };
}

/**
 * The named blobs of objects, each object's as a record by part. Every blob has the address that the ledger names. Rejects with GalenError, client/WrongBlob
 * among them.
 */
export async function fetchParts<P extends ObjectPart>(
  client: Client,
  { as, known, parts }: { readonly as: Actor; readonly known: readonly KnownObject[]; readonly parts: readonly P[] },
): Promise<Record<P, Uint8Array>[]> {
  const found: Record<P, Uint8Array>[] = [];
  for (const group of groupsBySize(known)) {
    const blobs = await fetchObjects(client, { as, objectIds: group.map(({ objectId }) => objectId), parts });
    found.push(...group.map((object, index) => checkedParts(client, object, parts, blobs[index]!)));
  }
  return found;
}

function checkedParts<P extends ObjectPart>(
  { crypto }: Client,
  object: KnownObject,
  parts: readonly P[],
  blobs: readonly Uint8Array[],
): Record<P, Uint8Array> {
  const wrong = parts.find((part, index) => bytesToHex(blobAddress(blobs[index]!, crypto.sha256)) !== object[part]);
  if (wrong) throw galenError(clientErrors.WrongBlob({ objectId: object.objectId, part: wrong }));
  return Object.fromEntries(parts.map((part, index) => [part, blobs[index]!])) as Record<P, Uint8Array>;
}

function groupsBySize(known: readonly KnownObject[]): KnownObject[][] {
  const groups: KnownObject[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const object of known) {
    size += object.sizeBucketBytes;
    if (size > MAX_FETCH_BYTES || groups.at(-1)!.length === MAX_FETCH_OBJECTS) {
      groups.push([]);
      size = object.sizeBucketBytes;
    }
    groups.at(-1)!.push(object);
  }
  return groups;
}
