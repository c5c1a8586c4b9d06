import { defineErrors } from "../../app/refusal.ts";

/** Refusals of the module, in the order in which its guards are checked. */
export const errors = defineErrors("approvals", 13_000, {
  UnknownProposal: [1, 404, "no proposal has this id; check the id"],
  NotProposer: [2, 403, "only who proposed it may withdraw a proposal; decline it instead"],
  NotAsked: [3, 403, "none of the signers is asked for an approval of this proposal; one of those who are must sign"],
  Ended: [4, 409, "this proposal has ended; make a new one if it is still wanted"],
  Expired: [5, 409, "the time of this proposal has passed; make a new one if it is still wanted"],
  OtherVersion: [6, 409, "this proposal was written for another version of the ledger; make a new one"],
  OtherMessages: [7, 409, "the approval is of other messages than those of this proposal; look at the proposal again before you sign"],
  AlreadyDeclined: [8, 409, "these accounts have declined this proposal, which is final; a new proposal is needed"],
  AlreadyApproved: [9, 409, "these accounts have approved this proposal already; others must approve it"],
  ProposerLapsed: [10, 409, "the keys of the proposer have changed since it approved; it must approve again"],
  Nested: [11, 422, "a proposal cannot hold messages about proposals; send those in transactions of their own"],
  TooLarge: [12, 422, "the messages of one proposal are too large together; divide them into several proposals"],
  RepeatedAccount: [13, 422, "an account is asked twice; name each once"],
  BadWindow: [14, 422, "expiresAt must lie at least a minute and at most 90 days ahead; choose another time"],
  TooManyOpen: [15, 409, "this account has as many open proposals as one may have; withdraw one or wait until one ends"],
  KeysChanged: [
    16,
    409,
    "a message before this one has changed what a signer signs with, and an approval counts for what signed it; approve in a transaction of its own",
  ],
});
