import type { Static } from "typebox";
import type { Context } from "../../../app/context.ts";
import { hold } from "../../tokens/index.ts";
import { errors } from "../errors.ts";
import { bonded, rewardsFunded, unbonded, withdrawn } from "../events.ts";
import { addBond, payClaims, REWARD_POT, STAKE, startLeaving } from "../pools.ts";
import type { Bond, BondReference, FundRewards } from "../schema.ts";
import { requireNode } from "../state.ts";

/** `validators.bond`: own tokens to a node, the own one or another's. They share its rewards and its punishments. */
export function bond(ctx: Context, message: Static<typeof Bond>): void {
  requireHolder(ctx, message);
  requireNode(ctx, message.organisation);

  addBond(ctx, message);
  ctx.emit(bonded(message));
}

/** `validators.unbond`: the tokens give no power from now on, can still be slashed, and are to be withdrawn some epochs later. */
export function unbond(ctx: Context, message: Static<typeof Bond>): void {
  const { organisation, account } = message;
  requireHolder(ctx, message);

  const { tokens, epoch } = startLeaving(ctx, message);
  ctx.emit(unbonded({ organisation, account, amount: tokens, epoch }));
}

/** `validators.withdraw`: everything that is due. */
export function withdraw(ctx: Context, message: Static<typeof BondReference>): void {
  requireHolder(ctx, message);
  const amount = payClaims(ctx, message);
  if (amount === undefined) throw errors.NothingDue();

  ctx.emit(withdrawn({ ...message, amount }));
}

/** `validators.fundRewards`: own tokens into the pot from which nodes are rewarded. They do not come back. */
export function fundRewards(ctx: Context, message: Static<typeof FundRewards>): void {
  requireHolder(ctx, message);

  hold(ctx, { ...message, tokenKind: STAKE, pot: REWARD_POT });
  ctx.emit(rewardsFunded(message));
}

function requireHolder(ctx: Context, { account }: { readonly account: string }): void {
  if (!ctx.signers.includes(account)) throw errors.NotHolder({ account });
}
