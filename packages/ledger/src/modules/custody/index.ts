import { defineModule } from "../../app/define-module.ts";
import { concludeDueCeremonies } from "./conclude.ts";
import { errors } from "./errors.ts";
import { events, firstEvents } from "./events.ts";
import { firstInvariants, invariants } from "./invariants.ts";
import { firstMessages, messages } from "./messages.ts";
import { firstQueries, queries } from "./queries.ts";
import { ceremonies, dealings, justifications, keys, offers, running, usedKeys } from "./state.ts";

export { recordUsedKeys } from "./migrate.ts";
export { offerProofBytes } from "./proofs.ts";
export type { Ceremony, Dealing, KeySet } from "./schema.ts";
export { releaseKey } from "./state.ts";

const parts = { name: "custody", errors, onBlock: concludeDueCeremonies } as const;
const firstCollections = [keys, running, ceremonies, dealings, justifications];

/** The module of ledger versions 1 and 2, whose alliance names sealing keys on its own word. */
export const firstCustodyModule = defineModule({
  ...parts,
  messages: firstMessages,
  queries: firstQueries,
  events: firstEvents,
  collections: firstCollections,
  invariants: firstInvariants,
});

/** The collective key: made, moved and refreshed by transactions, held by k of n custodians, by nobody alone. */
export const custodyModule = defineModule({
  ...parts,
  messages,
  queries,
  events,
  collections: [...firstCollections, offers, usedKeys],
  invariants,
});
