import { defineMessage } from "../../app/define-module.ts";
import { mint, register, transfer } from "./handlers.ts";
import { KindReference, Mint, Transfer } from "./schema.ts";

export const messages = [
  defineMessage({
    type: "tokens.register",
    summary: "Register a kind of token, by decision of the alliance.",
    schema: KindReference,
    handle: register,
  }),
  defineMessage({ type: "tokens.mint", summary: "Make tokens and give them to an account, by decision.", schema: Mint, handle: mint }),
  defineMessage({ type: "tokens.transfer", summary: "Give own tokens to another account.", schema: Transfer, handle: transfer }),
];
