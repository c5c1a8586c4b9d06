import { defineErrors } from "../../app/refusal.ts";

/** Refusals of the module, in the order in which its guards are checked. */
export const errors = defineErrors("custody", 5_000, {
  CeremonyRunning: [1, 409, "a ceremony for this purpose is running; wait until it has finished or failed"],
  KeyExists: [2, 409, "the collective key exists, and what is sealed to it would be lost with another one; reshare it instead"],
  NoKey: [3, 409, "there is no collective key to reshare; generate one first"],
  ThresholdTooHigh: [4, 422, "the threshold is higher than the number of custodians; lower it or name more custodians"],
  RepeatedCustodian: [5, 422, "a custodian or sealing key is named twice; every custodian has its own account and sealing key"],
  BadSealingKey: [22, 422, "this is no X25519 key to which shares can be sealed; make a key pair and offer its public key"],
  NoNode: [
    25,
    409,
    "no node speaks for this organisation; it must be a member of the alliance, and its node registered with validators.register and not leaving",
  ],
  BadNodeProof: [
    26,
    422,
    "the signature is not that of the organisation's node over this network, organisation, account and sealing key; the node signs with its consensus key",
  ],
  KeyNotOffered: [
    23,
    409,
    "the custodian offers no such sealing key for the next ceremony; name the one that custody.offer gives, or wait until it has offered one",
  ],
  RepeatedOrganisation: [
    27,
    422,
    "two custodians belong to one organisation; each organisation holds one share, so that no threshold is reached inside one house",
  ],
  SealingKeyReused: [
    6,
    422,
    "a sealing key has served in a ceremony already; make a fresh one, so that a key stolen later opens no earlier share",
  ],
  AlreadyOffered: [24, 409, "the account offers this sealing key already; nothing is left to do"],
  UnknownCeremony: [7, 404, "no ceremony has this id; ask for the running one with custody.running"],
  WrongPhase: [8, 409, "the ceremony is in another phase; its record tells what may be sent until when"],
  NotDealer: [9, 403, "the signer is not a dealer of this ceremony; in a resharing only the present custodians deal"],
  NotReceiver: [10, 403, "the signer is not one of the custodians that receive shares in this ceremony"],
  AlreadyDealt: [11, 409, "this dealer has dealt; a dealing stands as it is"],
  WrongCount: [12, 422, "a dealing needs as many commitments as the threshold and a sealed share for every receiver"],
  ForeignConstantTerm: [13, 422, "in a resharing the first commitment must be the dealer's public share; deal the share that you hold"],
  BadCommitments: [14, 422, "a commitment is not a point of the group other than the identity; deal again"],
  UnprovenConstantTerm: [15, 422, "the proof of possession does not fit the first commitment, this ceremony and this dealer"],
  NotDealt: [16, 409, "this dealer has not dealt; nothing is there to complain about or to justify"],
  AlreadyConfirmed: [17, 409, "this receiver has confirmed its shares; that is final"],
  AlreadyComplained: [18, 409, "this receiver has complained; the dealer's answer settles it"],
  NoComplaint: [19, 404, "this receiver has no open complaint about the signer; a share is shown only to answer one"],
  Disqualified: [
    20,
    409,
    "as many receivers as the threshold complain about this dealer; it is disqualified, and its shares together would publish its secret",
  ],
  WrongShare: [21, 422, "this is not the receiver's share under the dealer's commitments; show the true one before the window ends"],
});
