import type { Static } from "typebox";
import type { Context } from "../../../app/context.ts";
import { requireHexBytes } from "../../../crypto/hex.ts";
import { verifyPossession } from "../../../crypto/schnorr-proof.ts";
import { requireAccount } from "../../accounts/index.ts";
import { releaseKey } from "../../custody/index.ts";
import { errors } from "../errors.ts";
import { rewrapped, sealed } from "../events.ts";
import { objectLabel } from "../label.ts";
import type { Rewrap, Seal, SealedObject } from "../schema.ts";
import { blobs, objects, points, requireObject } from "../state.ts";

/** `vault.seal`: the owner keeps something sealed that is no document. */
export function seal(ctx: Context, message: Static<typeof Seal>): void {
  for (const object of message.objects) {
    if (!ctx.signers.includes(object.owner)) throw errors.NotOwner({ objectId: object.objectId });
    sealObject(ctx, object, ctx.signer);
  }
}

/**
 * Puts a sealed object on the ledger; `author` is who made it. The caller decides who may write for the owner. Refuses when the id, a blob or
 * U has served before, or when the proof does not bind U to this object, owner and policy: a copied or shifted foreign capsule.
 */
export function sealObject(ctx: Context, { objectId, capsuleProof, ...object }: SealedObject, author: string): void {
  const addresses = [object.ciphertext, object.ownerCapsule, object.collectiveCapsule];
  if (!releaseKey(ctx)) throw errors.NoCollectiveKey();
  requireAccount(ctx, object.owner);
  if (objects.has(ctx, objectId)) throw errors.ObjectExists({ objectId });
  requireFreshBlobs(ctx, addresses);
  if (points.has(ctx, object.capsulePoint)) throw errors.PointReused({ objectId });
  if (!isProven(ctx, { objectId, capsuleProof, ...object })) throw errors.UnprovenCapsule({ objectId });

  const record = { ...object, author, createdAt: ctx.time };
  objects.set(ctx, objectId, record);
  points.set(ctx, object.capsulePoint, { objectId });
  for (const address of addresses) blobs.set(ctx, address, { objectId });
  ctx.emit(sealed({ objectId, ...record }));
}

/** `vault.rewrap`: after a recovery the owner seals the data keys to the new record key. */
export function rewrap(ctx: Context, message: Static<typeof Rewrap>): void {
  const owner = ctx.signer;
  requireFreshBlobs(
    ctx,
    message.objects.map(({ ownerCapsule }) => ownerCapsule),
  );
  const changes = message.objects.map(({ objectId, ownerCapsule }) => {
    const object = requireObject(ctx, objectId);
    if (object.owner !== owner) throw errors.NotOwner({ objectId });
    if (object.erasedAt !== undefined) throw errors.ObjectErased({ objectId });

    // The former blob stays the object's: nobody else may claim its address.
    objects.set(ctx, objectId, { ...object, ownerCapsule });
    blobs.set(ctx, ownerCapsule, { objectId });
    return { objectId, ownerCapsule, formerOwnerCapsule: object.ownerCapsule };
  });
  ctx.emit(rewrapped({ owner, objects: changes }));
}

function requireFreshBlobs(ctx: Context, addresses: readonly string[]): void {
  const reused = addresses.find((address, position) => blobs.has(ctx, address) || addresses.indexOf(address) !== position);
  if (reused !== undefined) throw errors.BlobReused({ address: reused });
}

function isProven({ crypto }: Context, object: SealedObject): boolean {
  const point = requireHexBytes(object.capsulePoint, 32);
  const proof = requireHexBytes(object.capsuleProof, 64);
  return verifyPossession({ points: [point], context: objectLabel(object, crypto), proof, crypto });
}
