import { defineErrors } from "../../app/refusal.ts";

/** Refusals of the module, in the order in which its guards are checked. */
export const errors = defineErrors("anchors", 17_000, {
  NotMember: [1, 403, "only a member organisation of the alliance states where a block was published; let one of them sign"],
  NotFinal: [2, 422, "there is no final block of that height yet; publish the header of an earlier one"],
});
