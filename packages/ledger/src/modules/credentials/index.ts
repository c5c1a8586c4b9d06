import { defineModule } from "../../app/define-module.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { invariants } from "./invariants.ts";
import { messages } from "./messages.ts";
import { queries } from "./queries.ts";
import { credentials, held } from "./state.ts";

export type { Credential, Standing } from "./schema.ts";
export { bestStanding, isValidAt, standingAt, validCredential } from "./standing.ts";

/** Who is qualified: credentials of registered issuers, and what they were worth at any time. */
export const credentialsModule = defineModule({
  name: "credentials",
  messages,
  queries,
  events,
  errors,
  collections: [credentials, held],
  invariants,
});
