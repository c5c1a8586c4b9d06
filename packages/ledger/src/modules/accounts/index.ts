import { defineModule } from "../../app/define-module.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { invariants } from "./invariants.ts";
import { messages } from "./messages.ts";
import { queries } from "./queries.ts";
import { executeDueRecoveries } from "./recovery.ts";
import { accounts, delegations, left, members, recoveries, recoveryQueue } from "./state.ts";

export { accountIdOf } from "./account-id.ts";
export { actorFor, delegationUntil, hasRole, hasWorkedFor, isDelegate, isGuardian, mayActFor, requireActor } from "./acting.ts";
export { authenticate } from "./authenticate.ts";
export { authorityOf, hasOtherKeys } from "./authority.ts";
export { createAccount } from "./handlers/keys.ts";
export { type Account, CreateAccount, Role, Scope } from "./schema.ts";
export { requireAccount } from "./state.ts";

/** Who acts on the ledger: pseudonymous accounts, their keys, guardians, members and delegates. */
export const accountsModule = defineModule({
  name: "accounts",
  messages,
  queries,
  events,
  errors,
  collections: [accounts, recoveries, recoveryQueue, members, left, delegations],
  onBlock: executeDueRecoveries,
  invariants,
});
