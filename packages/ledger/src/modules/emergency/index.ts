import { defineModule } from "../../app/define-module.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { invariants } from "./invariants.ts";
import { messages } from "./messages.ts";
import { queries } from "./queries.ts";
import { recent, settings, unreviewed, uses } from "./state.ts";

export type { Setting, Use } from "./schema.ts";

/** Reading without a grant when it cannot wait: allowed by the owner beforehand, licensed, limited, alarmed, reviewed. */
export const emergencyModule = defineModule({
  name: "emergency",
  messages,
  queries,
  events,
  errors,
  collections: [settings, recent, uses, unreviewed],
  invariants,
});
