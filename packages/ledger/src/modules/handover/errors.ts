import { defineErrors } from "../../app/refusal.ts";

/** Refusals of the module, in the order in which its guards are checked. */
export const errors = defineErrors("handover", 15_000, {
  ChainEnded: [1, 410, "this chain has ended and goes on in the network `chainId`; send the transaction there, signed for that network"],
  SameName: [2, 422, "the successor needs a name of its own, so that nothing signed for one network counts in the other"],
  NotAnnounced: [3, 404, "no successor is announced; the chain goes on"],
});
