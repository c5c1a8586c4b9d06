import { defineMessage } from "../../app/define-module.ts";
import { complain, confirm, deal, justify, offerKey, startCeremony, startCeremonyOnOffers } from "./handlers.ts";
import { Complain, Confirm, Deal, Justify, OfferKey, StartCeremony } from "./schema.ts";

const start = {
  type: "custody.startCeremony",
  summary: "Decide, as the alliance, to generate the collective key or to hand it to other custodians.",
  schema: StartCeremony,
};

/** What a ceremony's dealers and receivers send, under every version. */
const parts = [
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

/** Of ledger versions 1 and 2. */
export const firstMessages = [defineMessage({ ...start, handle: startCeremony }), ...parts];

export const messages = [
  defineMessage({
    type: "custody.offerKey",
    summary: "Offer, as the custodian of an organisation, the key to which shares of the next ceremony are to be sealed.",
    schema: OfferKey,
    handle: offerKey,
  }),
  defineMessage({ ...start, handle: startCeremonyOnOffers }),
  ...parts,
];
