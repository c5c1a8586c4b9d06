import { defineModule } from "../../app/define-module.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { invariants } from "./invariants.ts";
import { messages } from "./messages.ts";
import { queries } from "./queries.ts";
import { documents, ofOwner, referring } from "./state.ts";

export type { Document } from "./schema.ts";

const sequences = [ofOwner, referring].flatMap(({ entries, counts }) => [entries, counts]);

/** Health records: sealed documents that their owner owns, in the order in which they were filed; nothing is overwritten. */
export const recordsModule = defineModule({
  name: "records",
  messages,
  queries,
  events,
  errors,
  collections: [documents, ...sequences],
  invariants,
});
