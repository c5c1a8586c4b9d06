import { type Static, Type } from "typebox";
import { AccountId, BlockTime, Code, Integer, List } from "../../schema/types.ts";

/** Balances are exact integers in every language, and the sum of all of one kind is too. */
export const MAX_SUPPLY = Number.MAX_SAFE_INTEGER;
/** How many kinds one answer lists. */
export const MAX_LISTED_KINDS = 32;

export const TokenKind = Code(16, { description: "what is counted, such as shares" });
export const Amount = Integer(1, MAX_SUPPLY, { description: "whole tokens" });
const Total = Integer(0, MAX_SUPPLY, { description: "whole tokens" });

/** A kind of token and how many of it exist, wherever they lie. */
export const Issue = Type.Object({ tokenKind: TokenKind, supply: Total, registeredAt: BlockTime });
export type Issue = Static<typeof Issue>;

/** Tokens at one place. No record where there are none. */
export const Holding = Type.Object({ amount: Amount });

export const KindReference = Type.Object({ tokenKind: TokenKind });
export const Mint = Type.Object({ tokenKind: TokenKind, account: AccountId, amount: Amount });
export const Transfer = Type.Object({ tokenKind: TokenKind, sender: AccountId, recipient: AccountId, amount: Amount });
export const BalanceOf = Type.Object({ tokenKind: TokenKind, account: AccountId });
export const Balance = Type.Object({ amount: Total });
export const KindsFrom = Type.Object({ from: Type.Optional(TokenKind) });
export const Issues = Type.Object({ issues: List(Issue, { maxItems: MAX_LISTED_KINDS }) });
