import { defineEvent } from "../../app/events.ts";
import { Successor } from "./schema.ts";

export const announced = defineEvent("handover.announced", Successor);

export const events = [announced];
