import { defineModule } from "../../app/define-module.ts";
import { concludeDueCeremonies } from "./conclude.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { invariants } from "./invariants.ts";
import { messages } from "./messages.ts";
import { queries } from "./queries.ts";
import { ceremonies, dealings, justifications, keys, running } from "./state.ts";

export type { Ceremony, Dealing, KeySet } from "./schema.ts";
export { releaseKey } from "./state.ts";

/** The collective key: made, moved and refreshed by transactions, held by k of n custodians, by nobody alone. */
export const custodyModule = defineModule({
  name: "custody",
  messages,
  queries,
  events,
  errors,
  collections: [keys, running, ceremonies, dealings, justifications],
  onBlock: concludeDueCeremonies,
  invariants,
});
