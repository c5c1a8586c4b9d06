import type { ReadContext, WriteContext } from "../../app/context.ts";
import { burn, hold, MAX_SUPPLY, movePot, potOf, release } from "../tokens/index.ts";
import { epochAt } from "./epochs.ts";
import { errors } from "./errors.ts";
import type { Pool } from "./schema.ts";
import { MAX_UNBONDING_EPOCHS } from "./settings.ts";
import { bonds, claims, currentSettings, leavingPools, pools } from "./state.ts";

type Reading = Pick<ReadContext, "state">;

/** The kind of token that is staked. */
export const STAKE = "shares";
/** All that is bonded or leaving, of all nodes. */
export const STAKE_POT = "validators.stake";
/** What rewards are paid from. */
export const REWARD_POT = "validators.rewards";
const WHOLE = 10_000n;

const emptyPool: Pool = { tokens: 0, shares: 0 };

/** Tokens that `shares` of a pool are worth, rounded down: the rest stays with the others in it. */
export function worth({ tokens, shares: all }: Pool, shares: number): number {
  return all === 0 ? 0 : Number((BigInt(shares) * BigInt(tokens)) / BigInt(all));
}

/** What is bonded to a node. */
export function poolOf(ctx: Reading, organisation: string): Pool {
  return pools.get(ctx, organisation) ?? emptyPool;
}

/** Tokens that the account has bonded to the node. */
export function bondedBy(ctx: Reading, organisation: string, account: string): number {
  return worth(poolOf(ctx, organisation), bonds.get(ctx, organisation, account)?.shares ?? 0);
}

/** Adds tokens of an account to what is bonded to a node. Refuses with tokens/*, validators/PoolTooThin. */
export function addBond(ctx: WriteContext, { organisation, account, amount }: Stake): void {
  const pool = poolOf(ctx, organisation);
  const shares = newShares(pool, amount);
  if (shares === undefined || isTooCoarse(pool, { shares, amount })) throw errors.PoolTooThin({ organisation });
  hold(ctx, { tokenKind: STAKE, account, pot: STAKE_POT, amount });
  const own = bonds.get(ctx, organisation, account)?.shares ?? 0;
  bonds.set(ctx, organisation, account, { shares: own + shares });
  pools.set(ctx, organisation, { tokens: pool.tokens + amount, shares: pool.shares + shares });
}

/** Lets tokens leave a node, to be withdrawn from the returned epoch on. Refuses with validators/NotBonded, TooManyClaims. */
export function startLeaving(ctx: WriteContext, { organisation, account, amount }: Stake): { tokens: number; epoch: number } {
  const [pool, own] = [poolOf(ctx, organisation), bonds.get(ctx, organisation, account)?.shares ?? 0];
  // As many shares as are needed for the amount, rounded up: nobody takes out more than the own part.
  const shares = own === 0 ? 1 : ceilDivide(BigInt(amount) * BigInt(pool.shares), BigInt(pool.tokens));
  if (shares > own) throw errors.NotBonded({ organisation, bonded: worth(pool, own) });
  const epoch = epochAt(ctx, ctx.height).number + currentSettings(ctx).unbondingEpochs;
  const claim = claims.get(ctx, organisation, account, epoch);
  const open = [...claims.entries(ctx, { within: [organisation, account], limit: MAX_UNBONDING_EPOCHS })].length;
  if (!claim && open >= MAX_UNBONDING_EPOCHS) throw errors.TooManyClaims({ open });
  const tokens = worth(pool, shares);
  const leaving = leavingPools.get(ctx, organisation, epoch) ?? emptyPool;
  const added = newShares(leaving, tokens);
  if (added === undefined) throw errors.PoolTooThin({ organisation });

  setBond(ctx, { organisation, account, shares: own - shares });
  setPool(ctx, organisation, { tokens: pool.tokens - tokens, shares: pool.shares - shares });
  leavingPools.set(ctx, organisation, epoch, { tokens: leaving.tokens + tokens, shares: leaving.shares + added });
  claims.set(ctx, organisation, account, epoch, { epoch, shares: (claim?.shares ?? 0) + added });
  return { tokens, epoch };
}

/** Pays out all claims of an account that are due. Returns the tokens; undefined when nothing is due. */
export function payClaims(ctx: WriteContext, { organisation, account }: Omit<Stake, "amount">): number | undefined {
  const before = epochAt(ctx, ctx.height).number + 1;
  const due = [...claims.entries(ctx, { within: [organisation, account], before, limit: MAX_UNBONDING_EPOCHS })].map(([, claim]) => claim);
  if (due.length === 0) return undefined;
  let paid = 0;
  for (const { epoch, shares } of due) {
    const leaving = leavingPools.get(ctx, organisation, epoch)!;
    const tokens = worth(leaving, shares);
    claims.delete(ctx, organisation, account, epoch);
    if (leaving.shares === shares) leavingPools.delete(ctx, organisation, epoch);
    else leavingPools.set(ctx, organisation, epoch, { tokens: leaving.tokens - tokens, shares: leaving.shares - shares });
    paid += tokens;
  }
  if (paid > 0) release(ctx, { tokenKind: STAKE, pot: STAKE_POT, account, amount: paid });
  return paid;
}

/** Burns a part of all that is bonded to a node or about to leave it. Returns the tokens that are gone. */
export function slash(ctx: WriteContext, organisation: string, basisPoints: number): number {
  const part = (tokens: number) => Number((BigInt(tokens) * BigInt(basisPoints)) / WHOLE);
  const pool = poolOf(ctx, organisation);
  let burned = part(pool.tokens);
  if (burned > 0) pools.set(ctx, organisation, { ...pool, tokens: pool.tokens - burned });
  const { number } = epochAt(ctx, ctx.height);
  for (let epoch = number + 1; epoch <= number + MAX_UNBONDING_EPOCHS; epoch++) {
    const leaving = leavingPools.get(ctx, organisation, epoch);
    const lost = leaving ? part(leaving.tokens) : 0;
    if (lost === 0) continue;
    leavingPools.set(ctx, organisation, epoch, { ...leaving!, tokens: leaving!.tokens - lost });
    burned += lost;
  }
  if (burned > 0) burn(ctx, { tokenKind: STAKE, pot: STAKE_POT, amount: burned });
  return burned;
}

/** Adds tokens of the reward pot to what is bonded to a node, for all who bonded there. */
export function reward(ctx: WriteContext, organisation: string, amount: number): void {
  const pool = poolOf(ctx, organisation);
  movePot(ctx, { tokenKind: STAKE, pot: REWARD_POT, to: STAKE_POT, amount });
  pools.set(ctx, organisation, { ...pool, tokens: pool.tokens + amount });
}

/** Tokens that rewards can be paid from. */
export function rewardsLeft(ctx: Reading): number {
  return potOf(ctx, STAKE, REWARD_POT);
}

interface Stake {
  /** Whose node. */
  readonly organisation: string;
  /** Whose tokens. */
  readonly account: string;
  readonly amount: number;
}

function setBond(ctx: WriteContext, { organisation, account, shares }: Omit<Stake, "amount"> & { readonly shares: number }): void {
  if (shares === 0) bonds.delete(ctx, organisation, account);
  else bonds.set(ctx, organisation, account, { shares });
}

/** Shares for tokens that join a pool, rounded down; undefined when that is none, or more shares than can be counted. */
function newShares({ tokens, shares: all }: Pool, amount: number): number | undefined {
  const shares = all === 0 ? BigInt(amount) : (BigInt(amount) * BigInt(all)) / BigInt(tokens);
  return shares === 0n || shares + BigInt(all) > BigInt(MAX_SUPPLY) ? undefined : Number(shares);
}

/**
 * Whether rounding would cost the one who joins more than a hundredth, and more than a token: after rewards a share is worth many tokens, and
 * whoever held the first ones could live on the fractions of those who come after.
 */
function isTooCoarse({ tokens, shares: all }: Pool, { shares, amount }: { readonly shares: number; readonly amount: number }): boolean {
  const value = worth({ tokens: tokens + amount, shares: all + shares }, shares);
  return amount - value > 1 + Math.floor(amount / 100);
}

/** A pool has tokens as long as it has shares: a slash takes at most half of them, and who leaves takes no more than the own part. */
function setPool(ctx: WriteContext, organisation: string, pool: Pool): void {
  if (pool.shares === 0) pools.delete(ctx, organisation);
  else pools.set(ctx, organisation, pool);
}

function ceilDivide(numerator: bigint, denominator: bigint): number {
  return Number((numerator + denominator - 1n) / denominator);
}
