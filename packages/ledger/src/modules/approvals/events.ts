import { defineEvent } from "../../app/events.ts";
import { Ended, NotExecuted, Proposed, Voted } from "./schema.ts";

export const proposed = defineEvent("approvals.proposed", Proposed);
export const approved = defineEvent("approvals.approved", Voted);
export const declined = defineEvent("approvals.declined", Voted);
/** Everything that was approved so far does not suffice, or something else stands against it: the refusal says what. */
export const notExecuted = defineEvent("approvals.notExecuted", NotExecuted);
export const ended = defineEvent("approvals.ended", Ended);

export const events = [proposed, approved, declined, notExecuted, ended];
