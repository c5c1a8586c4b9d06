import { defineModule } from "../../app/define-module.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { invariants } from "./invariants.ts";
import { messages } from "./messages.ts";
import { queries } from "./queries.ts";
import { endExpired, open, openCounts, proposals, proposedMessages } from "./state.ts";

export type { Proposal, ProposedMessage } from "./schema.ts";
export { isVoter } from "./state.ts";

/** Acts that need several: proposed, approved over time, executed in the block in which the approvals suffice. */
export const approvalsModule = defineModule({
  name: "approvals",
  messages,
  queries,
  events,
  errors,
  collections: [proposals, proposedMessages, open, openCounts],
  onBlock: endExpired,
  invariants,
});
