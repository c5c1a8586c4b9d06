import type { WriteContext } from "../../app/context.ts";
import { errors } from "./errors.ts";
import { balanceOf, balances, issues, potOf, pots, requireKind } from "./state.ts";

/**
 * A pot is where a module keeps tokens that nobody can dispose of until its rules say so: `<module>.<what for>`, of the characters of a key.
 * Only the module whose name it carries touches it.
 */
export interface Parcel {
  readonly tokenKind: string;
  readonly pot: string;
  readonly amount: number;
}

/** Moves tokens from an account into a pot. Refuses with tokens/UnknownKind, InsufficientBalance; whether the account agrees is the caller's matter. */
export function hold(ctx: WriteContext, { tokenKind, pot, amount, account }: Parcel & { readonly account: string }): void {
  requireKind(ctx, tokenKind);
  takeFromAccount(ctx, { tokenKind, account, amount });
  setPot(ctx, { tokenKind, pot, amount: potOf(ctx, tokenKind, pot) + amount });
}

/** Moves tokens from a pot to an account. */
export function release(ctx: WriteContext, { tokenKind, pot, amount, account }: Parcel & { readonly account: string }): void {
  takeFromPot(ctx, { tokenKind, pot, amount });
  giveToAccount(ctx, { tokenKind, account, amount });
}

/** Moves tokens from one pot to another. */
export function movePot(ctx: WriteContext, { tokenKind, pot, amount, to }: Parcel & { readonly to: string }): void {
  takeFromPot(ctx, { tokenKind, pot, amount });
  setPot(ctx, { tokenKind, pot: to, amount: potOf(ctx, tokenKind, to) + amount });
}

/** Destroys tokens of a pot. */
export function burn(ctx: WriteContext, parcel: Parcel): void {
  takeFromPot(ctx, parcel);
  const issue = issues.get(ctx, parcel.tokenKind)!;
  issues.set(ctx, parcel.tokenKind, { ...issue, supply: issue.supply - parcel.amount });
}

/** Adds tokens to what an account can dispose of. */
export function giveToAccount(ctx: WriteContext, { tokenKind, account, amount }: AtAccount): void {
  if (amount > 0) balances.set(ctx, tokenKind, account, { amount: balanceOf(ctx, tokenKind, account) + amount });
}

/** Takes tokens from what an account can dispose of. Refuses with tokens/InsufficientBalance. */
export function takeFromAccount(ctx: WriteContext, { tokenKind, account, amount }: AtAccount): void {
  const balance = balanceOf(ctx, tokenKind, account);
  if (balance < amount) throw errors.InsufficientBalance({ account, balance });
  if (balance === amount) balances.delete(ctx, tokenKind, account);
  else balances.set(ctx, tokenKind, account, { amount: balance - amount });
}

interface AtAccount {
  readonly tokenKind: string;
  readonly account: string;
  readonly amount: number;
}

/** A module that takes more than it put in has lost count: our own bug, never a refusal. */
function takeFromPot(ctx: WriteContext, { tokenKind, pot, amount }: Parcel): void {
  const present = potOf(ctx, tokenKind, pot);
  if (present < amount) throw new Error(`the pot ${pot} holds ${present} ${tokenKind}, not ${amount}`);
  setPot(ctx, { tokenKind, pot, amount: present - amount });
}

function setPot(ctx: WriteContext, { tokenKind, pot, amount }: Parcel): void {
  if (amount === 0) pots.delete(ctx, tokenKind, pot);
  else pots.set(ctx, tokenKind, pot, { amount });
}
