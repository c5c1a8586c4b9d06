import { defineModule } from "../../app/define-module.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { invariants } from "./invariants.ts";
import { messages } from "./messages.ts";
import { queries } from "./queries.ts";
import { balances, issues, pots } from "./state.ts";

export { burn, hold, movePot, type Parcel, release } from "./escrow.ts";
export { Amount, MAX_SUPPLY, TokenKind } from "./schema.ts";
export { balanceOf, potOf, requireKind } from "./state.ts";

/** Counted things that cannot be copied: who has how many, and what modules keep in escrow. */
export const tokensModule = defineModule({
  name: "tokens",
  messages,
  queries,
  events,
  errors,
  collections: [issues, balances, pots],
  invariants,
});
