import { defineQuery } from "../../app/define-module.ts";
import { Balance, BalanceOf, Issue, Issues, KindReference, KindsFrom, MAX_LISTED_KINDS } from "./schema.ts";
import { balanceOf, issues, requireKind } from "./state.ts";

export const queries = [
  defineQuery({
    name: "tokens.kind",
    summary: "A kind of token and how many of it exist.",
    parameters: KindReference,
    result: Issue,
    run: (ctx, { tokenKind }) => requireKind(ctx, tokenKind),
  }),
  defineQuery({
    name: "tokens.kinds",
    summary: "Kinds of tokens in the order of their codes, from a given one on, at most 32.",
    parameters: KindsFrom,
    result: Issues,
    run: (ctx, walk) => ({ issues: [...issues.entries(ctx, { ...walk, limit: MAX_LISTED_KINDS })].map(([, issue]) => issue) }),
  }),
  defineQuery({
    name: "tokens.balance",
    summary: "The tokens of a kind that an account can dispose of; what it has bonded or put into escrow is not among them.",
    parameters: BalanceOf,
    result: Balance,
    run(ctx, { tokenKind, account }) {
      requireKind(ctx, tokenKind);
      return { amount: balanceOf(ctx, tokenKind, account) };
    },
  }),
];
