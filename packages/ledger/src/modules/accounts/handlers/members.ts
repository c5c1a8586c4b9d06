import type { Static } from "typebox";
import type { Context } from "../../../app/context.ts";
import { isFromVersion } from "../../../app/upgrades.ts";
import { hasRole } from "../acting.ts";
import { errors } from "../errors.ts";
import { memberRemoved, memberSet } from "../events.ts";
import type { MemberReference, Role, SetMember } from "../schema.ts";
import { left, members, requireAccount, requireDistinct } from "../state.ts";

/** `accounts.setMember`: adds a member, or replaces its roles. */
export function setMember(ctx: Context, message: Static<typeof SetMember>): void {
  const { organisation, member, ...membership } = message;
  const { kind } = requireAccount(ctx, organisation);
  requireAccount(ctx, member);
  if (kind !== "organisation") throw errors.NotOrganisation({ organisation });
  requireManager(ctx, organisation, [...membership.roles, ...rolesOf(ctx, organisation, member)]);
  requireDistinct("roles", membership.roles);
  if (organisation === member) throw errors.SelfReference({ account: member });
  if (membership.until !== undefined && membership.until <= ctx.time) throw errors.ExpiryInPast({ until: membership.until });

  members.set(ctx, organisation, member, membership);
  ctx.emit(memberSet(message));
}

/** `accounts.removeMember`: by the organisation or an administrator, or by the member that leaves. */
export function removeMember(ctx: Context, { organisation, member }: Static<typeof MemberReference>): void {
  if (!ctx.signers.includes(member)) requireManager(ctx, organisation, rolesOf(ctx, organisation, member));
  const membership = members.get(ctx, organisation, member);
  if (!membership) throw errors.UnknownMember({ organisation, member });

  members.delete(ctx, organisation, member);
  // Before version 5 who left tidied away, too late, a membership that had ended by itself.
  const endedAt = isFromVersion(ctx, 5) ? (membership.until ?? ctx.time) : ctx.time;
  if (isFromVersion(ctx, 4)) left.set(ctx, organisation, member, { leftAt: Math.min(ctx.time, endedAt) });
  ctx.emit(memberRemoved({ organisation, member }));
}

function rolesOf(ctx: Context, organisation: string, member: string): readonly Role[] {
  return members.get(ctx, organisation, member)?.roles ?? [];
}

/** Refuses unless the organisation signed, or one of its administrators and no administrator is touched: a stolen administrator's key cannot take over. */
function requireManager(ctx: Context, organisation: string, touched: readonly Role[]): void {
  if (ctx.signers.includes(organisation)) return;
  if (!ctx.signers.some((signer) => hasRole(ctx, organisation, signer, "administrator"))) throw errors.NotAdministrator({ organisation });
  if (touched.includes("administrator")) throw errors.AdministratorProtected({ organisation });
}
