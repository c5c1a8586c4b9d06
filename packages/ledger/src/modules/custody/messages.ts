import { defineMessage } from "../../app/define-module.ts";
import { complain, confirm, deal, justify, startCeremony } from "./handlers.ts";
import { Complain, Confirm, Deal, Justify, StartCeremony } from "./schema.ts";

export const messages = [
  defineMessage({
    type: "custody.startCeremony",
    summary: "Decide, as the alliance, to generate the collective key or to hand it to other custodians.",
    schema: StartCeremony,
    handle: startCeremony,
  }),
  defineMessage({
    type: "custody.deal",
    summary: "Deal, as a custodian, sealed shares to all receivers of a ceremony.",
    schema: Deal,
    handle: deal,
  }),
  defineMessage({
    type: "custody.complain",
    summary: "Complain, as a receiver, that a dealer's share is missing or wrong.",
    schema: Complain,
    handle: complain,
  }),
  defineMessage({
    type: "custody.justify",
    summary: "Answer a complaint, as its dealer, with the share in the open.",
    schema: Justify,
    handle: justify,
  }),
  defineMessage({
    type: "custody.confirm",
    summary: "Confirm, as a receiver, good shares from everybody who dealt.",
    schema: Confirm,
    handle: confirm,
  }),
];
