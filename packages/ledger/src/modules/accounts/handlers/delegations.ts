import type { Static } from "typebox";
import type { Context } from "../../../app/context.ts";
import { errors } from "../errors.ts";
import { delegated, delegationEnded } from "../events.ts";
import type { Delegate, DelegationReference } from "../schema.ts";
import { delegations, requireAccount, requireDistinct, requireOwner } from "../state.ts";

/** An end on a child's 18th birthday would put a date of birth on the ledger; in steps of 90 days it tells a quarter at most. */
const CHILD_STEP_MS = 7_776_000_000;

/** `accounts.delegate`: gives a delegation, or replaces the one that this delegate has. Delegates cannot pass it on. */
export function delegate(ctx: Context, message: Static<typeof Delegate>): void {
  const { owner, delegate, ...delegation } = message;
  requireOwner(ctx, owner);
  requireAccount(ctx, delegate);
  requireDistinct("scopes", delegation.scopes);
  if (owner === delegate) throw errors.SelfReference({ account: owner });
  if (delegation.until <= ctx.time) throw errors.ExpiryInPast({ until: delegation.until });
  if (delegation.ground === "child" && delegation.until % CHILD_STEP_MS !== 0)
    throw errors.TellsBirthday({ next: nextStep(delegation.until) });

  delegations.set(ctx, owner, delegate, delegation);
  ctx.emit(delegated(message));
}

/** `accounts.endDelegation`: by the owner, or by the delegate who lays it down. */
export function endDelegation(ctx: Context, { owner, delegate }: Static<typeof DelegationReference>): void {
  if (!ctx.signers.includes(delegate)) requireOwner(ctx, owner);
  if (!delegations.has(ctx, owner, delegate)) throw errors.UnknownDelegation({ owner, delegate });

  delegations.delete(ctx, owner, delegate);
  ctx.emit(delegationEnded({ owner, delegate }));
}

function nextStep(until: number): number {
  return until - (until % CHILD_STEP_MS) + CHILD_STEP_MS;
}
