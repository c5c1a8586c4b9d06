import { defineEvent } from "../../app/events.ts";
import { ListedDocument } from "./schema.ts";

/** Stands after the `vault.sealed` of the same object. */
export const added = defineEvent("records.added", ListedDocument);

export const events = [added];
