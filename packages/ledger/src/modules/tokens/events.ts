import { defineEvent } from "../../app/events.ts";
import { KindReference, Mint, Transfer } from "./schema.ts";

export const registered = defineEvent("tokens.registered", KindReference);
export const minted = defineEvent("tokens.minted", Mint);
export const transferred = defineEvent("tokens.transferred", Transfer);

export const events = [registered, minted, transferred];
