import { defineModule } from "../../app/define-module.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { invariants } from "./invariants.ts";
import { messages } from "./messages.ts";
import { queries } from "./queries.ts";
import { announcement } from "./state.ts";

export { announcement, beginSuccessor, requireOpenChain, requireOpenFor } from "./state.ts";

/** How a chain ends and another network goes on with everything it holds. */
export const handoverModule = defineModule({
  name: "handover",
  messages,
  queries,
  events,
  errors,
  collections: [announcement],
  invariants,
});
