import { defineErrors } from "../../app/refusal.ts";

/** Refusals of the module, in the order in which its guards are checked. */
export const errors = defineErrors("tokens", 12_000, {
  NotHolder: [1, 403, "tokens move only with the signature of the account that holds them; add its signature"],
  KindExists: [2, 409, "this kind of token is registered; choose another code"],
  UnknownKind: [
    3,
    404,
    "no such kind of token is registered; tokens.kinds lists them, and the alliance adds one by decision (tokens.register)",
  ],
  SupplyExceeded: [4, 422, "more than 2^53 - 1 tokens of one kind cannot exist; mint fewer"],
  SameAccount: [5, 422, "sender and recipient are the same account; name another recipient"],
  InsufficientBalance: [6, 409, "the account holds fewer tokens than that; `balance` says how many"],
});
