import { blobAddress } from "@galen/ledger/crypto/blob-address";
import type { CapsuleOwnership } from "@galen/ledger/crypto/capsule-label";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { policyHash } from "@galen/ledger/modules/vault/label";
import { objectQuery } from "@galen/ledger/modules/vault/queries";
import type { VaultObject } from "@galen/ledger/modules/vault/schema";
import { objects } from "@galen/ledger/modules/vault/state";
import type { Actor } from "../client/actor.ts";
import type { Client } from "../client/client.ts";
import { fetchObjects, type ObjectPart } from "../client/fetch-objects.ts";
import { clientErrors, GalenError, galenError } from "../client/galen-error.ts";
import { inParallel } from "../client/in-parallel.ts";
import { queryOfKind } from "../client/query-kind.ts";
import { readProvenList } from "../proofs/read-proven.ts";
import { isUnreadable, type OnUnreadable, unlessUnreadable } from "./unreadable.ts";

/** An object as the ledger has it, and its id. */
export interface KnownObject extends VaultObject {
  readonly objectId: string;
}

const PARALLEL_LOOK_UPS = 8;
/** Records that a node proves at once. */
const PROVEN_AT_ONCE = 128;
/** Bytes of ciphertext asked for at once, and objects that a node gives at once. */
const MAX_FETCH_BYTES = 33_554_432;
const MAX_FETCH_OBJECTS = 256;

/** What the ledger says of objects; proven if the client trusts somebody. Rejects with GalenError client/UnknownObject, vault/UnknownObject. */
export async function knownObjects(client: Client, objectIds: readonly string[]): Promise<KnownObject[]> {
  const values = client.trust ? await provenObjects(client, objectIds) : await toldObjects(client, objectIds);
  return objectIds.map((objectId, index) => {
    const value = values[index];
    if (!value) throw galenError(clientErrors.UnknownObject({ objectId }));
    return { objectId, ...value };
  });
}

function toldObjects(client: Client, objectIds: readonly string[]): Promise<VaultObject[]> {
  return inParallel(
    objectIds,
    PARALLEL_LOOK_UPS,
    async (objectId) => (await queryOfKind<VaultObject>(client, objectQuery, { objectId })).result,
  );
}

async function provenObjects(client: Client, objectIds: readonly string[]): Promise<(VaultObject | undefined)[]> {
  const values: (VaultObject | undefined)[] = [];
  for (let at = 0; at < objectIds.length; at += PROVEN_AT_ONCE) {
    const ids = objectIds.slice(at, at + PROVEN_AT_ONCE);
    const records = await readProvenList(
      client,
      objects,
      ids.map((objectId) => [objectId] as const),
    );
    values.push(...records.map(({ value }) => value));
  }
  return values;
}

/** To whom the capsules of an object are bound. */
export function ownershipOf(client: Client, { objectId, owner, policy }: KnownObject): CapsuleOwnership {
  return { objectId, owner, policyHash: policyHash(policy, client.crypto) };
}

/** An object with the blobs that were asked for. */
export interface FetchedObject<P extends ObjectPart> {
  readonly object: KnownObject;
  readonly blobs: Record<P, Uint8Array>;
}

interface FetchRequest<P extends ObjectPart> {
  readonly as: Actor;
  readonly known: readonly KnownObject[];
  readonly parts: readonly P[];
  readonly onUnreadable: OnUnreadable | undefined;
  /** What was fetched of them before they were known. */
  readonly ahead?: FetchedAhead | undefined;
}

/** Blobs by object, in the order of the parts that were asked for; nothing is checked yet. */
export type FetchedAhead = ReadonlyMap<string, readonly Uint8Array[]>;

/** Asks for blobs beside the proof of what the ledger says of them; undefined for more than one proof holds, and where the node refuses one of them. */
export async function fetchAhead(
  client: Client,
  { objectIds, ...asked }: { readonly as: Actor; readonly objectIds: readonly string[]; readonly parts: readonly ObjectPart[] },
): Promise<FetchedAhead | undefined> {
  if (objectIds.length === 0 || objectIds.length > PROVEN_AT_ONCE) return undefined;
  try {
    const blobs = await fetchObjects(client, { ...asked, objectIds });
    return new Map(objectIds.map((objectId, index) => [objectId, blobs[index]!]));
  } catch (error) {
    // Who is to blame, and for what, tells the request that is made once the objects are known.
    if (error instanceof GalenError) return undefined;
    throw error;
  }
}

/**
 * The named blobs of objects, in their order. Every blob has the address that the ledger names. What is wrong with one object goes to `onUnreadable`, and
 * the object is left out; without it, as with what concerns all, it rejects with GalenError.
 */
export async function fetchParts<P extends ObjectPart>(client: Client, request: FetchRequest<P>): Promise<FetchedObject<P>[]> {
  const { known, parts, ahead } = request;
  if (ahead && known.every((object) => hasParts(client, object, parts, ahead.get(object.objectId))))
    return known.map((object) => ({ object, blobs: named(parts, ahead.get(object.objectId)!) }));
  const found: FetchedObject<P>[] = [];
  for (const group of groupsBySize(known)) found.push(...(await fetchGroup(client, group, request)));
  return found;
}

/** Asks for fewer at a time when the node refuses: for the one at fault, or because a size on the ledger, which is its author's word, is too small. */
async function fetchGroup<P extends ObjectPart>(
  client: Client,
  group: readonly KnownObject[],
  request: FetchRequest<P>,
): Promise<FetchedObject<P>[]> {
  const { as, parts, onUnreadable } = request;
  const fetching = async () => {
    const blobs = await fetchObjects(client, { as, objectIds: group.map(({ objectId }) => objectId), parts });
    return group.map((object, index) => ({ object, blobs: checkedParts(client, object, parts, blobs[index]!) }));
  };
  if (group.length === 1) return (await unlessUnreadable(group[0]!, onUnreadable, fetching)) ?? [];
  try {
    return await fetching();
  } catch (error) {
    const isTooMuch = error instanceof GalenError && error.id === "api/AnswerTooLarge";
    if (!isTooMuch && !(onUnreadable && isUnreadable(error))) throw error;
    const half = Math.ceil(group.length / 2);
    const first = await fetchGroup(client, group.slice(0, half), request);
    return [...first, ...(await fetchGroup(client, group.slice(half), request))];
  }
}

function checkedParts<P extends ObjectPart>(
  client: Client,
  object: KnownObject,
  parts: readonly P[],
  blobs: readonly Uint8Array[],
): Record<P, Uint8Array> {
  const wrong = parts.find((part, index) => !isPart(client, object, part, blobs[index]!));
  if (wrong) throw galenError(clientErrors.WrongBlob({ objectId: object.objectId, part: wrong }));
  return named(parts, blobs);
}

function hasParts(client: Client, object: KnownObject, parts: readonly ObjectPart[], blobs: readonly Uint8Array[] | undefined): boolean {
  return blobs !== undefined && parts.every((part, index) => isPart(client, object, part, blobs[index]!));
}

/** Whether a blob has the address that the ledger names. */
function isPart({ crypto }: Client, object: KnownObject, part: ObjectPart, blob: Uint8Array): boolean {
  return bytesToHex(blobAddress(blob, crypto.sha256)) === object[part];
}

function named<P extends ObjectPart>(parts: readonly P[], blobs: readonly Uint8Array[]): Record<P, Uint8Array> {
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
