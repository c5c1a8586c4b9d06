import type { Static } from "typebox";
import type { Context } from "../../../app/context.ts";
import { recoveryIdOf } from "../account-id.ts";
import { errors } from "../errors.ts";
import { approvalWithdrawn, guardiansRemoved, guardiansSet, recoveryApproved } from "../events.ts";
import { endRecoveries, moveApprovals, openRecoveries, type Proposal, settleRecoveries } from "../recovery.ts";
import type { AccountReference, RecoveryReference, SetGuardians, StartRecovery } from "../schema.ts";
import { accounts, requireAccount, requireDistinct, requireOwner } from "../state.ts";
import { requireUsableKeys } from "./keys.ts";

type Reference = Static<typeof AccountReference>;

/** `accounts.setGuardians`: replaces the guardians; what the former ones began ends. */
export function setGuardians(ctx: Context, message: Static<typeof SetGuardians>): void {
  const { account, ...guardianship } = message;
  const record = requireOwner(ctx, account);
  for (const guardian of guardianship.guardians) requireAccount(ctx, guardian);
  const { guardians, threshold } = guardianship;
  if (guardians.length < threshold) throw errors.ThresholdUnreachable({ guardians: guardians.length, threshold });
  requireDistinct("guardians", guardians);
  if (guardians.includes(account)) throw errors.SelfReference({ account });

  accounts.set(ctx, account, { ...record, guardianship });
  endRecoveries(ctx, account, "guardians-changed");
  ctx.emit(guardiansSet(message));
}

/** `accounts.removeGuardians`: from now on nobody can replace the keys but the keys themselves. */
export function removeGuardians(ctx: Context, { account }: Reference): void {
  const { guardianship, ...record } = requireOwner(ctx, account);
  if (!guardianship) throw errors.NoGuardians({ account });

  accounts.set(ctx, account, record);
  endRecoveries(ctx, account, "guardians-changed");
  ctx.emit(guardiansRemoved({ account }));
}

/** `accounts.startRecovery`: the signing guardians propose new keys, and approve them. */
export function startRecovery(ctx: Context, message: Static<typeof StartRecovery>): void {
  const { account, ...authority } = message;
  const guardians = requireGuardians(ctx, account);
  requireUsableKeys(authority, ctx);

  approve(ctx, { account, guardians, proposal: { recoveryId: recoveryIdOf(message, ctx.crypto), ...authority } });
}

/** `accounts.approveRecovery`: the signing guardians approve keys that another one has proposed. */
export function approveRecovery(ctx: Context, { account, recoveryId }: Static<typeof RecoveryReference>): void {
  const guardians = requireGuardians(ctx, account);
  const proposed = openRecoveries(ctx, account).find((recovery) => recovery.recoveryId === recoveryId);
  if (!proposed) throw errors.UnknownRecovery({ account, recoveryId });

  approve(ctx, { account, guardians, proposal: proposed });
}

/** `accounts.withdrawApproval`: the signing guardians take back what they approved. */
export function withdrawApproval(ctx: Context, { account }: Reference): void {
  const guardians = requireGuardians(ctx, account);
  const open = openRecoveries(ctx, account);
  if (!open.some((recovery) => recovery.guardians.some((guardian) => guardians.includes(guardian))))
    throw errors.UnknownRecovery({ account });

  ctx.emit(approvalWithdrawn({ account, guardians }));
  settleRecoveries(ctx, account, moveApprovals(open, guardians));
}

/** `accounts.cancelRecovery`: the owner still holds the keys. */
export function cancelRecovery(ctx: Context, { account }: Reference): void {
  requireOwner(ctx, account);
  if (openRecoveries(ctx, account).length === 0) throw errors.UnknownRecovery({ account });

  endRecoveries(ctx, account, "cancelled");
}

/** A guardian approves one recovery of an account at a time: approving this one turns from any other. */
function approve(ctx: Context, { account, guardians, proposal }: { account: string; guardians: string[]; proposal: Proposal }): void {
  const { recoveryId } = proposal;
  const open = openRecoveries(ctx, account);
  const approving = open.find((recovery) => recovery.recoveryId === recoveryId)?.guardians ?? [];
  if (guardians.every((guardian) => approving.includes(guardian))) throw errors.AlreadyApproved({ account, recoveryId });

  const approvals = new Set([...approving, ...guardians]).size;
  ctx.emit(recoveryApproved({ account, recoveryId, guardians, approvals }));
  settleRecoveries(ctx, account, moveApprovals(open, guardians, proposal));
}

/** The signers who are guardians of the account, at least one; else refuses with accounts/NoGuardians or NotGuardian. */
function requireGuardians(ctx: Context, account: string): string[] {
  const { guardianship } = requireAccount(ctx, account);
  if (!guardianship) throw errors.NoGuardians({ account });
  const guardians = ctx.signers.filter((signer) => guardianship.guardians.includes(signer));
  if (guardians.length === 0) throw errors.NotGuardian({ account });
  return guardians;
}
