import { Type } from "typebox";
import { defineEvent } from "../../app/events.ts";
import { AccountId, BlockTime, Hash, List, ObjectId } from "../../schema/types.ts";
import { Grant, GrantReference, Holder, MAX_OBJECTS, Release, VaultObject } from "./schema.ts";

const ErasedObject = Type.Object({ objectId: ObjectId, ciphertext: Hash, ownerCapsule: Hash, collectiveCapsule: Hash });
const RewrappedObject = Type.Object({ objectId: ObjectId, ownerCapsule: Hash, formerOwnerCapsule: Hash });

export const sealed = defineEvent("vault.sealed", Type.Object({ objectId: ObjectId, ...VaultObject.properties }));
export const granted = defineEvent("vault.granted", Type.Object({ grantId: Hash, ...Grant.properties }));
export const revoked = defineEvent("vault.revoked", Type.Object({ ...GrantReference.properties, owner: AccountId, revokedBy: AccountId }));
/** A reader may fetch the objects, and custodians answer for this entry. */
export const released = defineEvent("vault.released", Type.Object({ releaseId: Hash, ...Release.properties }));
/** A reader asked for what the policy forbids. */
export const refused = defineEvent("vault.refused", Type.Object({ releaseId: Hash, ...Release.properties }));
/** Nodes delete the former owner capsules. */
export const rewrapped = defineEvent(
  "vault.rewrapped",
  Type.Object({ owner: AccountId, objects: List(RewrappedObject, { maxItems: MAX_OBJECTS }) }),
);
/** Nodes delete the named blobs; holders of copies destroy them by `dueAt`. */
export const erased = defineEvent(
  "vault.erased",
  Type.Object({ owner: AccountId, erasedBy: AccountId, dueAt: BlockTime, objects: List(ErasedObject, { maxItems: MAX_OBJECTS }) }),
);
export const copyDestroyed = defineEvent(
  "vault.copyDestroyed",
  Type.Object({ ...Holder.properties, objectIds: List(ObjectId, { maxItems: MAX_OBJECTS }) }),
);
export const blobsDeleted = defineEvent(
  "vault.blobsDeleted",
  Type.Object({ organisation: AccountId, objectIds: List(ObjectId, { maxItems: MAX_OBJECTS }) }),
);

export const events = [sealed, granted, revoked, released, refused, rewrapped, erased, copyDestroyed, blobsDeleted];
