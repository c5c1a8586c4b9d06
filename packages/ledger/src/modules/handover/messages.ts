import { defineMessage } from "../../app/define-module.ts";
import { announce } from "./handlers.ts";
import { Successor } from "./schema.ts";

export const messages = [
  defineMessage({
    type: "handover.announce",
    summary:
      "End this chain and name the network in which everything goes on, by decision of the alliance. Nothing is taken after it but the decision for another network.",
    schema: Successor,
    handle: announce,
  }),
];
