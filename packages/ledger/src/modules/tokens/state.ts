import { defineCollection, defineOrderedCollection } from "../../app/collection.ts";
import type { ReadContext } from "../../app/context.ts";
import { errors } from "./errors.ts";
import { Holding, Issue } from "./schema.ts";

type Reading = Pick<ReadContext, "state">;

/** `tokens/kinds/<kind>` -> Issue */
export const issues = defineOrderedCollection<[tokenKind: string], typeof Issue>("tokens/kinds", Issue);
/** `tokens/balances/<kind>/<account>` -> Holding: what an account can dispose of. */
export const balances = defineCollection<[tokenKind: string, account: string], typeof Holding>("tokens/balances", Holding);
/** `tokens/pots/<kind>/<pot>` -> Holding: what a module keeps in escrow. */
export const pots = defineCollection<[tokenKind: string, pot: string], typeof Holding>("tokens/pots", Holding);

/** The kind of token, or refuses with tokens/UnknownKind. */
export function requireKind(ctx: Reading, tokenKind: string): Issue {
  const issue = issues.get(ctx, tokenKind);
  if (!issue) throw errors.UnknownKind({ tokenKind });
  return issue;
}

/** Tokens that the account can dispose of. */
export function balanceOf(ctx: Reading, tokenKind: string, account: string): number {
  return balances.get(ctx, tokenKind, account)?.amount ?? 0;
}

/** Tokens in a pot. */
export function potOf(ctx: Reading, tokenKind: string, pot: string): number {
  return pots.get(ctx, tokenKind, pot)?.amount ?? 0;
}
