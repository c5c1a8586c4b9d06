import { defineGenesis, defineModule } from "../../app/define-module.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { found } from "./handlers.ts";
import { invariants } from "./invariants.ts";
import { messages } from "./messages.ts";
import { queries } from "./queries.ts";
import { Founding } from "./schema.ts";
import { decisionRule, issuers, members } from "./state.ts";

export { CredentialType, DecisionRule, Founding } from "./schema.ts";
export { allMembers, isMember, issuableTypes, requireDecision } from "./state.ts";

/** What the alliance decides together: its members, parameters, issuers and upgrades. */
export const governanceModule = defineModule({
  name: "governance",
  messages,
  queries,
  events,
  errors,
  collections: [members, decisionRule, issuers],
  genesis: defineGenesis({ schema: Founding, initialise: found }),
  invariants,
});
