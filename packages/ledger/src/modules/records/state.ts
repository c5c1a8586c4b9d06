import { defineCollection } from "../../app/collection.ts";
import { defineSequence } from "../../app/sequence.ts";
import { Document, DocumentReference } from "./schema.ts";

/** `records/documents/<objectId>` -> Document */
export const documents = defineCollection<[objectId: string], typeof Document>("records/documents", Document);
/** `records/of-owner/<owner>/<number>` -> the documents of an owner; the count proves that none is missing */
export const ofOwner = defineSequence("records/of-owner", DocumentReference);
/** `records/referring/<objectId>/<number>` -> the documents that replace, correct or comment this one */
export const referring = defineSequence("records/referring", DocumentReference);
