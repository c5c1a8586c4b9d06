import { defineModule } from "../../app/define-module.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { invariants } from "./invariants.ts";
import { messages } from "./messages.ts";
import { queries } from "./queries.ts";
import { anchors } from "./state.ts";

/** Where outside the network headers of this chain were published, so that its past can be held against them. */
export const anchorsModule = defineModule({
  name: "anchors",
  messages,
  queries,
  events,
  errors,
  collections: [anchors.entries, anchors.counts],
  invariants,
});
