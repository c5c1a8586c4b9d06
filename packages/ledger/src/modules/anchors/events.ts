import { defineEvent } from "../../app/events.ts";
import { Recorded } from "./schema.ts";

export const recorded = defineEvent("anchors.recorded", Recorded);

export const events = [recorded];
