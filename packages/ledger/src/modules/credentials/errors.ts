import { defineErrors } from "../../app/refusal.ts";

/** Refusals of the module, in the order in which its guards are checked. */
export const errors = defineErrors("credentials", 4_000, {
  UnknownCredential: [1, 404, "no credential has this id; check it"],
  NotIssuer: [2, 403, "only the issuer of this credential may change it; sign with the issuer's account"],
  Revoked: [3, 409, "the credential is revoked for good; issue a new one"],
  NotRegistered: [4, 403, "the signer is not registered to issue this type; the alliance registers issuers by governance.registerIssuer"],
  AlreadyIssued: [5, 409, "a credential with this id exists; choose a new random id"],
  EndsBeforeStart: [6, 422, "validUntil must lie after validFrom"],
  ExpiryInPast: [7, 422, "validUntil must lie after the block time; a credential that has expired cannot be issued"],
  TooManyHeld: [8, 409, "the holder has 64 unexpired credentials of this type; wait until some have expired"],
  AlreadySuspended: [9, 409, "the credential is suspended already; reinstate it first, or revoke it"],
  NotSuspended: [10, 409, "the credential is not suspended; look at its changes first (query credentials.credential)"],
  CauseInFuture: [11, 422, "from must not lie after the block time; suspend or revoke when the day has come"],
  HistoryFull: [12, 409, "the history of this credential is full; revoke it and issue a new one"],
});
