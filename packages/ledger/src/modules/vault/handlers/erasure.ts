import type { Static } from "typebox";
import type { Context } from "../../../app/context.ts";
import { requireActor } from "../../accounts/index.ts";
import { isMember } from "../../governance/index.ts";
import { errors } from "../errors.ts";
import { blobsDeleted, copyDestroyed, erased } from "../events.ts";
import { type AttestDeletion, type AttestDestruction, DESTRUCTION_PERIOD_MS, type Erase, MAX_PAGE } from "../schema.ts";
import { copies, deletions, objects, requireObject } from "../state.ts";

/** `vault.erase`: nodes delete the blobs, holders of copies owe their destruction; the hashes stay, so that the chain still verifies. */
export function erase(ctx: Context, { objectIds }: Static<typeof Erase>): void {
  const { owner } = requireObject(ctx, objectIds[0]!);
  const erasedBy = requireActor(ctx, owner, "vault.erase", errors.NotOwner);
  const gone = objectIds.map((objectId) => {
    const object = requireObject(ctx, objectId);
    if (object.owner !== owner) throw errors.SeveralOwners({ objectId });
    if (object.erasedAt !== undefined) throw errors.ObjectErased({ objectId });

    objects.set(ctx, objectId, { ...object, erasedAt: ctx.time });
    const { ciphertext, ownerCapsule, collectiveCapsule } = object;
    return { objectId, ciphertext, ownerCapsule, collectiveCapsule };
  });
  ctx.emit(erased({ owner, erasedBy, dueAt: ctx.time + DESTRUCTION_PERIOD_MS, objects: gone }));
}

/** `vault.attestDestruction`: a reader states that its copies exist no more. */
export function attestDestruction(ctx: Context, { objectIds }: Static<typeof AttestDestruction>): void {
  const holder = ctx.signer;
  for (const objectId of objectIds) {
    const copy = copies.get(ctx, objectId, holder);
    if (!copy || copy.destroyedAt !== undefined) throw errors.NoCopy({ objectId });

    copies.set(ctx, objectId, holder, { ...copy, destroyedAt: ctx.time });
  }
  ctx.emit(copyDestroyed({ holder, objectIds }));
}

/** `vault.attestDeletion`: a member of the alliance states that its nodes have deleted the blobs of erased objects. */
export function attestDeletion(ctx: Context, { objectIds }: Static<typeof AttestDeletion>): void {
  const organisation = ctx.signer;
  if (!isMember(ctx, organisation)) throw errors.NotMember({ organisation });
  for (const objectId of objectIds) {
    if (requireObject(ctx, objectId).erasedAt === undefined) throw errors.NotErased({ objectId });
    const stated = deletions.newestFirst(ctx, objectId, { limit: MAX_PAGE });
    if (stated.some(({ value }) => value.organisation === organisation)) throw errors.AlreadyStated({ objectId });

    deletions.append(ctx, objectId, { organisation, deletedAt: ctx.time });
  }
  ctx.emit(blobsDeleted({ organisation, objectIds }));
}
