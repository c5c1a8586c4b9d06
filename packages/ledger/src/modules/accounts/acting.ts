import type { Context, ReadContext } from "../../app/context.ts";
import type { Details, Refusal } from "../../app/refusal.ts";
import type { Role, Scope } from "./schema.ts";
import { accounts, delegations, left, members } from "./state.ts";

type Reading = Pick<ReadContext, "state" | "time">;
type Acting = Reading & Pick<Context, "signers">;

/** Whether `member` is at block time a member of `organisation`, with the role if one is asked for. */
export function hasRole(ctx: Reading, organisation: string, member: string, role?: Role): boolean {
  const membership = members.get(ctx, organisation, member);
  if (!membership || (membership.until !== undefined && membership.until <= ctx.time)) return false;
  return role === undefined || membership.roles.includes(role);
}

/** Whether `member` has been a member of `organisation` at any time from `since` on, in the words of ledger version 4 on: before, who had left left no trace. */
export function hasWorkedFor(ctx: Pick<ReadContext, "state">, organisation: string, member: string, since: number): boolean {
  const membership = members.get(ctx, organisation, member);
  if (membership && (membership.until === undefined || membership.until > since)) return true;
  return (left.get(ctx, organisation, member)?.leftAt ?? 0) >= since;
}

/** Whether `owner` has given `delegate` a delegation with this scope that is in force at block time. */
export function isDelegate(ctx: Reading, { owner, delegate, scope }: { owner: string; delegate: string; scope: Scope }): boolean {
  const delegation = delegations.get(ctx, owner, delegate);
  return delegation !== undefined && ctx.time < delegation.until && delegation.scopes.includes(scope);
}

/** Until when `delegate` may act for `owner`, in milliseconds since 1970; 0 without a delegation. */
export function delegationUntil(ctx: Pick<ReadContext, "state">, owner: string, delegate: string): number {
  return delegations.get(ctx, owner, delegate)?.until ?? 0;
}

/** Whether `guardian` is one of those who can give `account` other keys. */
export function isGuardian(ctx: Pick<ReadContext, "state">, { guardian, account }: { guardian: string; account: string }): boolean {
  return accounts.get(ctx, account)?.guardianship?.guardians.includes(guardian) ?? false;
}

/** The signer who acts for `owner`: the owner, or else the first signer with a delegation for `scope` in force; undefined if there is none. */
export function actorFor(ctx: Acting, owner: string, scope: Scope): string | undefined {
  if (ctx.signers.includes(owner)) return owner;
  return ctx.signers.find((delegate) => isDelegate(ctx, { owner, delegate, scope }));
}

/** Whether the signers may do for `owner` what `scope` names. */
export function mayActFor(ctx: Acting, owner: string, scope: Scope): boolean {
  return actorFor(ctx, owner, scope) !== undefined;
}

/** The signer who acts for `owner`; refuses with `refusal` (an entry of the caller's error table) when none may. */
export function requireActor(ctx: Acting, owner: string, scope: Scope, refusal: (details: Details) => Refusal): string {
  const actor = actorFor(ctx, owner, scope);
  if (actor === undefined) throw refusal({ owner, scope });
  return actor;
}
