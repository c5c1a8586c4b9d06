import { defineErrors } from "../../app/refusal.ts";

/** Refusals of the module, in the order in which its guards are checked. */
export const errors = defineErrors("accounts", 2_000, {
  UnknownAccount: [1, 404, "no account has this id; check the id or create the account first"],
  NotOwner: [2, 403, "only the account itself may do this; sign with enough of its keys"],
  NotOrganisation: [3, 409, "this account is not an organisation; only organisations have members"],
  NotAdministrator: [4, 403, "only the organisation or one of its administrators may do this; ask one of them to sign"],
  AdministratorProtected: [5, 403, "administrators are appointed, changed and removed by the organisation's own keys; sign with those"],
  NoGuardians: [6, 409, "the account has no guardians; its owner can name some with accounts.setGuardians, while the keys are there"],
  NotGuardian: [7, 403, "none of the signers is a guardian of this account; a guardian of it must sign"],
  UnknownRecovery: [8, 404, "no such recovery is open for this account; start one, or check the recovery id"],
  UnknownMember: [9, 404, "this account is not a member of the organisation; check both ids"],
  UnknownDelegation: [10, 404, "the owner has given this account no delegation; check both ids"],
  AlreadyExists: [11, 409, "this account exists; use it, or choose another salt for a new one"],
  DuplicateKey: [12, 422, "a key is named twice; name it once and raise its weight"],
  BadKey: [
    13,
    422,
    "a public key is not a valid key of its type; send the 32 bytes of an Ed25519 key or the 33 bytes of a compressed P-256 key",
  ],
  ThresholdUnreachable: [14, 422, "all together do not reach the threshold; lower it or name more"],
  AlreadyApproved: [15, 409, "these guardians approve this recovery already; others must approve it"],
  RepeatedEntry: [16, 422, "a list names something twice; name each entry once"],
  SelfReference: [17, 422, "an account cannot be its own guardian, member or delegate; name another account"],
  ExpiryInPast: [18, 422, "until must lie after the block time; choose a later time"],
  TellsBirthday: [
    19,
    422,
    "the end of a delegation for a child must be a whole multiple of 90 days since 1970, so that it tells no birthday; take the next one",
  ],
  BadRecordKey: [
    20,
    422,
    "anybody could open what is sealed to this record key, so nothing is: it is of small order; make another X25519 key",
  ],
});
