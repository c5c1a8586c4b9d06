import { defineErrors } from "../../app/refusal.ts";

/** Refusals of the module, in the order in which its guards are checked. */
export const errors = defineErrors("governance", 3_000, {
  NotDecided: [1, 403, "too few members of the alliance have signed this decision; more of them must sign it, or approve a proposal of it"],
  NotOrganisation: [2, 409, "only an account of kind organisation can be a member of the alliance; name another account"],
  AlreadyMember: [3, 409, "this organisation is a member already; there is nobody to admit"],
  CandidateMustSign: [4, 403, "the organisation that is admitted signs too, which proves that its keys work; add its signature"],
  AllianceFull: [
    5,
    409,
    "with one more member a decision would need more signers than one transaction can carry; nobody can be admitted now",
  ],
  NotMember: [6, 404, "this organisation is not a member of the alliance; check the id"],
  LastMember: [7, 409, "the last member cannot leave; admit another organisation first"],
  RepeatedType: [8, 422, "a credential type is named twice; name each once"],
  UnchangedIssuer: [9, 409, "the issuer is registered for exactly these types already"],
  HistoryFull: [10, 409, "the history of this issuer is full; register a new account of the issuer"],
  UnknownIssuer: [11, 404, "this account is not registered as an issuer; check the id"],
  UpgradePlanned: [12, 409, "an upgrade is planned already; cancel it first"],
  TooSoon: [13, 422, "the height must lie at least two blocks ahead; choose a later one"],
  NotNewer: [14, 422, "an upgrade leads to a higher version than the present one; choose a higher number"],
  NoUpgrade: [15, 404, "no upgrade is planned; the present version stays in force"],
});
