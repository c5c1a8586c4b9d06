import { defineEvent } from "../../app/events.ts";
import { Allowed, Forbidden, Reviewed, Used } from "./schema.ts";

export const allowed = defineEvent("emergency.allowed", Allowed);
export const forbidden = defineEvent("emergency.forbidden", Forbidden);
/** The alarm: somebody opened records without a grant. The entry itself is `vault.released`. */
export const used = defineEvent("emergency.used", Used);
export const reviewed = defineEvent("emergency.reviewed", Reviewed);

export const events = [allowed, forbidden, used, reviewed];
