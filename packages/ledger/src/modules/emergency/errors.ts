import { defineErrors } from "../../app/refusal.ts";

/** Refusals of the module, in the order in which its guards are checked. What the rules forbid to a reader is no refusal: it is logged. */
export const errors = defineErrors("emergency", 16_000, {
  NotOwner: [1, 403, "only the owner, or a delegate with this scope, may set what opens in an emergency; one of them must sign"],
  NothingAllowed: [2, 404, "nothing opens in an emergency; nothing is left to forbid"],
  UnknownUse: [3, 404, "no emergency has this id; check the id of the release"],
  NotReviewer: [4, 403, "an emergency is reviewed by its owner, or by an auditor of a member of the alliance; one of them must sign"],
  OwnHouse: [5, 403, "the reader works for this organisation; an auditor of another one must review"],
  AlreadyReviewed: [6, 409, "this side has reviewed this emergency already"],
});
