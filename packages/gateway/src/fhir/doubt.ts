import type { JsonObject } from "./json-value.ts";
import { verificationCodes } from "./retraction.ts";

/** FHIR R4: condition-ver-status, allergyintolerance-verification. */
const DOUBTS = ["unconfirmed", "provisional", "differential"] as const;

export type Doubt = (typeof DOUBTS)[number];

/** How a condition or an allergy is only thought to be so by its author; undefined for what is known, or of which nothing is said. */
export function doubtOf(resource: JsonObject): Doubt | undefined {
  const codes = verificationCodes(resource);
  return DOUBTS.find((doubt) => codes.includes(doubt));
}
