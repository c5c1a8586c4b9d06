import { defineErrors } from "../../app/refusal.ts";

/** Refusals of the module, in the order in which its guards are checked. */
export const errors = defineErrors("records", 7_000, {
  NotMember: [1, 403, "the organisation is not a member of the alliance; only members write for patients"],
  NotAuthor: [
    2,
    403,
    "the signer may not write for this owner; a member organisation, one of its care staff naming it, or the owner must sign",
  ],
  AlreadyFiled: [3, 409, "this document is on file already; nothing is left to do"],
  UnknownDocument: [4, 404, "no document has this id; check the id"],
  ForeignTarget: [5, 422, "a document can only refer to one of the same owner; check the id and the owner"],
});
