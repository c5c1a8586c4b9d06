import { defineErrors } from "../../app/refusal.ts";

/** Refusals of the module, in the order in which its guards are checked. */
export const errors = defineErrors("validators", 14_000, {
  NotOperator: [1, 403, "the organisation that runs the node must sign; add its signature"],
  NotMember: [2, 403, "only a member of the alliance runs a node; the alliance admits it with governance.admitMember"],
  AlreadyRegistered: [3, 409, "this organisation has a node; give it another key with validators.replaceKey"],
  TooManyNodes: [4, 409, "the alliance has as many nodes as a validator set holds; another must leave first"],
  UnknownNode: [5, 404, "this organisation has no node; register one first"],
  Leaving: [6, 409, "the node is leaving; register it again once it is gone"],
  WeakKey: [7, 422, "this is no Ed25519 key that somebody can hold alone; make a fresh one"],
  KeyTaken: [8, 409, "this key is or was another node's, or was convicted; make a fresh one"],
  BadProof: [
    9,
    422,
    "the signature is not the consensus key's over this organisation, network and height; sign exactly these with the key that is named",
  ],
  ReplacedLately: [10, 409, "the key before still has power; wait for the next epoch"],
  TooPowerful: [
    11,
    409,
    "nodes with a third of the power cannot change their keys in one epoch, for light clients would lose sight; wait for the next, or lower the power first",
  ],
  StaleSign: [12, 409, "the height must be a recent one, higher than in the last sign of life, and not before a release from jail"],
  NotJailed: [13, 409, "the node is not jailed; it takes part without being freed"],
  JailedYet: [14, 409, "the time in jail is not over; `until` is the height at which it ends"],
  Convicted: [15, 409, "the node voted twice with this key; give it another one with validators.replaceKey first"],
  AlreadyLeaving: [16, 409, "the node is leaving already; there is nothing more to do"],
  NotHolder: [17, 403, "tokens are bonded and unbonded with the signature of the account that holds them; add its signature"],
  PoolTooThin: [
    18,
    409,
    "the shares of what is bonded to this node are too coarse for this amount, and rounding would cost too much; bond more, or to another node",
  ],
  NotBonded: [19, 409, "the account has bonded fewer tokens than that to this node; `bonded` says how many"],
  TooManyClaims: [20, 409, "the account has unbonded in too many epochs; withdraw first what is due"],
  NothingDue: [21, 409, "nothing of what the account has unbonded is due yet"],
  NoPuzzle: [22, 409, "the policy in force gives no power for work; mine when one does"],
  Jailed: [23, 409, "a jailed node mines nothing that counts; free it with validators.unjail first"],
  NotAscending: [24, 422, "nonces must ascend, also over the messages of one epoch; so that none counts twice"],
  EpochFull: [25, 409, "this epoch has all the solutions it takes; the next is harder"],
  WrongSolution: [26, 422, "a nonce does not solve the present puzzle for this node's key; the challenge changes every epoch"],
});
