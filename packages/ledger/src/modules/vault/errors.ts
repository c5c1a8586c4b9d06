import { defineErrors } from "../../app/refusal.ts";

/**
 * Refusals of the module, in the order in which its guards are checked. What a policy forbids is not among them: such a request is executed
 * and logged, with a reason from `RefusalReason`.
 */
export const errors = defineErrors("vault", 6_000, {
  NoCollectiveKey: [1, 409, "the custodians have not made the collective key yet; start a ceremony with custody.startCeremony"],
  NotOwner: [2, 403, "only the owner of these objects, or a delegate with this scope, may do this; one of them must sign"],
  ObjectExists: [3, 409, "an object with this id exists; seal again with a fresh random id"],
  UnknownObject: [4, 404, "no object has this id; check the id"],
  BlobReused: [5, 409, "a blob belongs to an object already; every capsule and ciphertext is made afresh for one object"],
  PointReused: [6, 409, "this group point has served before; draw a fresh one for every capsule and for every object of every request"],
  UnprovenCapsule: [
    7,
    422,
    "the proof does not fit the capsule's point, object id, owner and policy; seal the object for this owner and policy",
  ],
  RepeatedObject: [8, 422, "an object is named twice; name it once"],
  SeveralOwners: [9, 422, "a request concerns the objects of one owner; send one request for each owner"],
  UnprovenRequest: [10, 422, "the proof does not fit the points, the reader and the objects of this request; make it for exactly these"],
  GrantExists: [11, 409, "a grant with this id exists; choose another random id"],
  EmptyPeriod: [12, 422, "a grant must end after it begins and after the block time; choose a later end"],
  ForeignObject: [13, 422, "the grant names an object of another owner; grant only what is the owner's"],
  UnknownGrant: [14, 404, "no grant has this id; check the id"],
  AlreadyRevoked: [15, 409, "this grant is revoked already; nothing is left to do"],
  ObjectErased: [16, 410, "this object is erased; only its hashes remain"],
  NotErased: [17, 409, "this object is not erased; nodes keep its blobs"],
  NoCopy: [18, 404, "no release of this object to the signer is open; there is no copy to account for"],
  NotMember: [19, 403, "only a member of the alliance, which runs nodes, may state a deletion; sign with the organisation's keys"],
  AlreadyStated: [20, 409, "this deletion is stated already; once is enough"],
  UnknownRelease: [21, 404, "no release has this id; check the id"],
  OutlivesDelegation: [
    22,
    422,
    "who acts for the owner cannot give access for longer than the delegation lasts, which ends at `latest`; choose an earlier end",
  ],
});
