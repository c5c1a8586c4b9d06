import { Type } from "typebox";
import { defineEvent } from "../../app/events.ts";
import { CeremonyStarted, Complained, Confirmed, Dealt, Failed, Finished, Justify, KeyOffered } from "./schema.ts";

export const ceremonyStarted = defineEvent("custody.ceremonyStarted", CeremonyStarted);
export const dealt = defineEvent("custody.dealt", Dealt);
export const complained = defineEvent("custody.complained", Complained);
/** A share became public: whoever waits for it may take it from here. */
export const justified = defineEvent("custody.justified", Type.Object({ ...Complained.properties, share: Justify.properties.share }));
export const confirmed = defineEvent("custody.confirmed", Confirmed);
/** A new key set is in force. */
export const finished = defineEvent("custody.finished", Finished);
export const failed = defineEvent("custody.failed", Failed);
export const keyOffered = defineEvent("custody.keyOffered", KeyOffered);

/** Of ledger versions 1 and 2. */
export const firstEvents = [ceremonyStarted, dealt, complained, justified, confirmed, finished, failed];
export const events = [keyOffered, ...firstEvents];
