import { defineCollection } from "../../app/collection.ts";
import type { ReadContext } from "../../app/context.ts";
import { defineSequence } from "../../app/sequence.ts";
import { isDelegate } from "../accounts/index.ts";
import { errors } from "./errors.ts";
import { Belonging, Copy, Deletion, Grant, GrantReference, Holder, Release, ReleaseReference, VaultObject } from "./schema.ts";

/** `vault/objects/<objectId>` -> VaultObject; also of erased ones, so that an id never returns */
export const objects = defineCollection<[objectId: string], typeof VaultObject>("vault/objects", VaultObject);
/** `vault/points/<point>` -> the object for which a point U or R has served; every point serves once */
export const points = defineCollection<[point: string], typeof Belonging>("vault/points", Belonging);
/** `vault/blobs/<address>` -> the object a blob belongs to; or else an erasure could take another's blobs along */
export const blobs = defineCollection<[address: string], typeof Belonging>("vault/blobs", Belonging);
/** `vault/grants/<grantId>` -> Grant */
export const grants = defineCollection<[grantId: string], typeof Grant>("vault/grants", Grant);
/** `vault/grants-of/<owner>/<number>` -> the grants of an owner */
export const grantsOf = defineSequence("vault/grants-of", GrantReference);
/** `vault/releases/<releaseId>` -> Release, also of refused requests */
export const releases = defineCollection<[releaseId: string], typeof Release>("vault/releases", Release);
/** `vault/log/<owner>/<number>` -> the releases of an owner; the count proves that none is missing */
export const log = defineSequence("vault/log", ReleaseReference);
/** `vault/copies/<objectId>/<holder>` -> the last release of the object to this reader */
export const copies = defineCollection<[objectId: string, holder: string], typeof Copy>("vault/copies", Copy);
/** `vault/holders/<objectId>/<number>` -> who ever had a release of the object */
export const holders = defineSequence("vault/holders", Holder);
/** `vault/deletions/<objectId>/<number>` -> statements of nodes about an erased object */
export const deletions = defineSequence("vault/deletions", Deletion);

type Reading = Pick<ReadContext, "state" | "time">;

/** The object, or refuses with vault/UnknownObject. */
export function requireObject(ctx: Pick<ReadContext, "state">, objectId: string): VaultObject {
  const object = objects.get(ctx, objectId);
  if (!object) throw errors.UnknownObject({ objectId });
  return object;
}

/** The object that a blob belongs to, by the blob's address. */
export function objectOfBlob(ctx: Pick<ReadContext, "state">, address: string): string | undefined {
  return blobs.get(ctx, address)?.objectId;
}

/** Whether nodes hand the blobs of an object to `account`: to its owner, to a delegate who may read, to the holder of a release. */
export function mayFetch(ctx: Reading, account: string, objectId: string): boolean {
  const object = objects.get(ctx, objectId);
  if (!object || object.erasedAt !== undefined) return false;
  if (object.owner === account || isDelegate(ctx, { owner: object.owner, delegate: account, scope: "records.read" })) return true;
  const copy = copies.get(ctx, objectId, account);
  return copy !== undefined && copy.destroyedAt === undefined;
}

/** The owner of an object, or undefined if there is no such object. */
export function objectOwner(ctx: Pick<ReadContext, "state">, objectId: string): string | undefined {
  return objects.get(ctx, objectId)?.owner;
}
