import { type JsonObject, textAt } from "./json-value.ts";

/** FHIR R4: event-status, immunization-status, medication-statement-status, medicationdispense-status, encounter-status, medicationrequest-status. */
const NEGATIVE_STATUSES = ["not-done", "not-taken", "declined", "cancelled"] as const;

/** `do-not-perform`: shall not be given or done. The others are words of `status` for what has not happened. */
export type Negation = "do-not-perform" | (typeof NEGATIVE_STATUSES)[number];

/**
 * What an entry tells of as not having happened, or as not to happen, beside others of its kind that tell of what has; undefined for those. It stands, unlike
 * one that was taken back: that a vaccination was not given is something to know.
 */
export function negationOf(resource: JsonObject): Negation | undefined {
  if (resource.doNotPerform === true) return "do-not-perform";
  const status = textAt(resource, "status");
  return NEGATIVE_STATUSES.find((negative) => negative === status);
}
