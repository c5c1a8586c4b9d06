import type { Static } from "typebox";
import type { Context } from "../../../app/context.ts";
import { derivedId } from "../../../app/derived-id.ts";
import { requireHexBytes } from "../../../crypto/hex.ts";
import { releaseBase, releaseRequestContext } from "../../../crypto/release-statement.ts";
import { verifyPossession } from "../../../crypto/schnorr-proof.ts";
import { releaseKey } from "../../custody/index.ts";
import { type Ask, decide } from "../decision.ts";
import { errors } from "../errors.ts";
import { refused, released } from "../events.ts";
import type { Outcome, Release, Request } from "../schema.ts";
import { copies, grants, holders, log, points, releases, requireObject } from "../state.ts";

type RequestMessage = Static<typeof Request>;

/**
 * `vault.request`: writes the entry without which no custodian answers. What is malformed or unproven is refused and leaves no trace; what the
 * policy forbids succeeds as a transaction and stands in the owner's log as refused.
 */
export function request(ctx: Context, message: RequestMessage): void {
  const { purpose, grantId } = message;
  logRequest(ctx, message, (asked) =>
    decide(ctx, { ...asked, purpose, grant: grantId === undefined ? undefined : grants.get(ctx, grantId) }),
  );
}

/**
 * Writes the entry of a request and tells what became of it. `decideOn` says by which rules; a later module may have its own.
 * Refuses like `vault.request` what is malformed or unproven.
 */
export function logRequest(
  ctx: Context,
  message: RequestMessage,
  decideOn: (asked: Pick<Ask, "reader" | "owner" | "objects">) => Outcome,
): { readonly releaseId: string; readonly entry: Release } {
  const { objects } = message;
  const reader = ctx.signer;
  const { owner, found } = requireOneOwner(ctx, message);
  requireFreshPoints(ctx, message);
  requireAnswerable(ctx, message, found);

  const outcome = decideOn({ reader, owner, objects: found });
  const releaseId = derivedId(ctx);
  const { proof: _, ...asked } = message;
  const number = log.append(ctx, owner, { releaseId });
  const entry: Release = { number, reader, owner, ...asked, outcome, at: ctx.time, height: ctx.height, epoch: releaseKey(ctx)!.epoch };
  releases.set(ctx, releaseId, entry);
  for (const { objectId, requestPoint } of objects) points.set(ctx, requestPoint, { objectId });
  if (outcome.kind === "released") recordRelease(ctx, releaseId, entry);
  ctx.emit(outcome.kind === "released" ? released({ releaseId, ...entry }) : refused({ releaseId, ...entry }));
  return { releaseId, entry };
}

function requireOneOwner(ctx: Context, { objects }: RequestMessage): { owner: string; found: Ask["objects"] } {
  const found = objects.map(({ objectId }) => ({ objectId, object: requireObject(ctx, objectId) }));
  const repeated = objects.find(({ objectId }, position) => objects.findIndex((one) => one.objectId === objectId) !== position);
  if (repeated) throw errors.RepeatedObject({ objectId: repeated.objectId });
  const owner = found[0]!.object.owner;
  const foreign = found.find(({ object }) => object.owner !== owner);
  if (foreign) throw errors.SeveralOwners({ objectId: foreign.objectId });
  return { owner, found };
}

/** One R for two objects would let whoever knows the key of one of them compute the other's from the public shares. */
function requireFreshPoints(ctx: Context, { objects }: RequestMessage): void {
  const reused = objects.find(({ requestPoint }, position) => {
    return points.has(ctx, requestPoint) || objects.findIndex((one) => one.requestPoint === requestPoint) !== position;
  });
  if (reused) throw errors.PointReused({ objectId: reused.objectId });
}

/** Without the knowledge of every s, R = U' - U would make the custodians open U', an object that the reader may not read. */
function requireAnswerable({ chainId, signer, crypto }: Context, { objects, proof }: RequestMessage, found: Ask["objects"]): void {
  const requested = objects.map(({ requestPoint }) => requireHexBytes(requestPoint, 32));
  const context = releaseRequestContext(crypto, { chainId, reader: signer, objectIds: objects.map(({ objectId }) => objectId) });
  const isProven = verifyPossession({ points: requested, context, proof: requireHexBytes(proof, 64), crypto });
  // U + R = 0 has no answer; it takes the author of the capsule to make one.
  const isMeaningful = found.every(({ object }, i) => releaseBase(crypto, requireHexBytes(object.capsulePoint, 32), requested[i]!));
  if (!isProven || !isMeaningful) throw errors.UnprovenRequest();
}

/** Counts the read, and that the reader may hold the objects in clear from now on, also after stating the destruction of an earlier copy. */
function recordRelease(ctx: Context, releaseId: string, { reader, owner, objects, grantId }: Release): void {
  const grant = grantId === undefined ? undefined : grants.get(ctx, grantId);
  if (reader === owner) return;
  if (grant?.readsLeft !== undefined) grants.set(ctx, grantId!, { ...grant, readsLeft: grant.readsLeft - 1 });
  for (const { objectId } of objects) {
    if (!copies.has(ctx, objectId, reader)) holders.append(ctx, objectId, { holder: reader });
    copies.set(ctx, objectId, reader, { holder: reader, releaseId, releasedAt: ctx.time });
  }
}
