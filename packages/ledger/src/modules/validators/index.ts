import { defineGenesis, defineModule } from "../../app/define-module.ts";
import { onBlock } from "./change-set.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { adopt, found } from "./found.ts";
import { invariants } from "./invariants.ts";
import { messages } from "./messages.ts";
import { queries } from "./queries.ts";
import { Founding } from "./schema.ts";
import { absences, bonds, claims, entropy, epochBase, keys, leavingPools, miners, nodes, pools, puzzle, settings } from "./state.ts";

export { adopt, refound, refoundStrictly } from "./found.ts";
export { STAKE } from "./pools.ts";
export { keyProofBytes, readyProofBytes } from "./proofs.ts";
export { Founding } from "./schema.ts";
export { defaultSettings, type Policy, type Settings } from "./settings.ts";
export { speakingKey } from "./state.ts";

/** Who has voting power: the organisations' nodes, and the policy that gives them power from epoch to epoch. */
export const validatorsModule = defineModule({
  name: "validators",
  messages,
  queries,
  events,
  errors,
  collections: [settings, epochBase, nodes, keys, absences, pools, bonds, leavingPools, claims, puzzle, entropy, miners],
  genesis: defineGenesis({ schema: Founding, initialise: found, absent: adopt }),
  onBlock,
  invariants,
});
