import { type Static, Type } from "typebox";
import type { Context } from "../../../app/context.ts";
import { defineMessage, defineModule } from "../../../app/define-module.ts";
import { defineErrors } from "../../../app/refusal.ts";
import { AccountId, OneOf } from "../../../schema/types.ts";
import { Amount, burn, hold, movePot, potOf, release, TokenKind } from "../index.ts";

export const potNames = ["escrow.left", "escrow.right"] as const;
const Pot = OneOf(...potNames);
const Parcel = Type.Object({ tokenKind: TokenKind, account: AccountId, pot: Pot, to: Pot, amount: Amount });

const errors = defineErrors("escrow", 900_000, { TooFew: [1, 409, "the pot holds fewer"] });

function requirePot(ctx: Context, { tokenKind, pot, amount }: Static<typeof Parcel>): void {
  if (potOf(ctx, tokenKind, pot) < amount) throw errors.TooFew();
}

function fromPot(type: string, move: (ctx: Context, parcel: Static<typeof Parcel>) => void) {
  return defineMessage({
    type,
    summary: "Moves tokens out of a pot.",
    schema: Parcel,
    handle(ctx, parcel) {
      requirePot(ctx, parcel);
      move(ctx, parcel);
    },
  });
}

/** A module that does what later ones do with tokens, and nothing else. */
export const escrowModule = defineModule({
  name: "escrow",
  messages: [
    defineMessage({ type: "escrow.hold", summary: "Moves tokens into a pot.", schema: Parcel, handle: hold }),
    fromPot("escrow.release", release),
    fromPot("escrow.move", movePot),
    fromPot("escrow.burn", burn),
  ],
  queries: [],
  events: [],
  errors,
  collections: [],
  invariants: {},
});
