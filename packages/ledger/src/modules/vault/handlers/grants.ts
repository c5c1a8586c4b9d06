import type { Static } from "typebox";
import type { Context } from "../../../app/context.ts";
import { isFromVersion } from "../../../app/upgrades.ts";
import { delegationUntil, requireAccount, requireActor } from "../../accounts/index.ts";
import { errors } from "../errors.ts";
import { granted, revoked } from "../events.ts";
import type { Grant, GrantMessage, GrantReference } from "../schema.ts";
import { grants, grantsOf, requireObject } from "../state.ts";

/** `vault.grant`: the owner, or a delegate, lets somebody read. */
export function grant(ctx: Context, { grantId, ...granting }: Static<typeof GrantMessage>): void {
  const { owner, covers, from, until, reads } = granting;
  requireAccount(ctx, owner);
  const grantedBy = requireActor(ctx, owner, "vault.grant", errors.NotOwner);
  if (grants.has(ctx, grantId)) throw errors.GrantExists({ grantId });
  if (until <= from || until <= ctx.time) throw errors.EmptyPeriod({ from, until });
  if (grantedBy !== owner) requireWithinDelegation(ctx, { owner, delegate: grantedBy, until });
  const foreign = covers.kind === "objects" ? covers.ids.find((objectId) => requireObject(ctx, objectId).owner !== owner) : undefined;
  if (foreign !== undefined) throw errors.ForeignObject({ objectId: foreign });

  const record: Grant = { ...granting, grantedBy, createdAt: ctx.time, ...(reads === undefined ? {} : { readsLeft: reads }) };
  grants.set(ctx, grantId, record);
  grantsOf.append(ctx, owner, { grantId });
  ctx.emit(granted({ grantId, ...record }));
}

/** From version 5 on: else who acts for a child until it is of age would read for as long as they liked, by a grant to themselves. */
function requireWithinDelegation(ctx: Context, { owner, delegate, until }: { owner: string; delegate: string; until: number }): void {
  const latest = delegationUntil(ctx, owner, delegate);
  if (isFromVersion(ctx, 5) && until > latest) throw errors.OutlivesDelegation({ until, latest });
}

/** `vault.revoke`: counts from the next transaction on. */
export function revoke(ctx: Context, { grantId }: Static<typeof GrantReference>): void {
  const record = grants.get(ctx, grantId);
  if (!record) throw errors.UnknownGrant({ grantId });
  const revokedBy = requireActor(ctx, record.owner, "vault.revoke", errors.NotOwner);
  if (record.revokedAt !== undefined) throw errors.AlreadyRevoked({ grantId });

  grants.set(ctx, grantId, { ...record, revokedAt: ctx.time });
  ctx.emit(revoked({ grantId, owner: record.owner, revokedBy }));
}
