import { defineMessage } from "../../app/define-module.ts";
import { allow, forbid, request, review } from "./handlers.ts";
import { Allow, OwnerReference, RequestInEmergency, Review } from "./schema.ts";

export const messages = [
  defineMessage({
    type: "emergency.allow",
    summary: "Let every licensed practitioner read in an emergency, without a grant, what the owner names.",
    schema: Allow,
    handle: allow,
  }),
  defineMessage({
    type: "emergency.forbid",
    summary: "Let nobody read without a grant any more, not even in an emergency.",
    schema: OwnerReference,
    handle: forbid,
  }),
  defineMessage({
    type: "emergency.request",
    summary: "Ask for the keys of sealed objects in an emergency, without a grant; the owner is alarmed, and the reason is reviewed.",
    schema: RequestInEmergency,
    handle: request,
  }),
  defineMessage({
    type: "emergency.review",
    summary: "Say, as the owner or as an auditor, whether a reading in an emergency was justified.",
    schema: Review,
    handle: review,
  }),
];
