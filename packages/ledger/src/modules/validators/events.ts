import { Type } from "typebox";
import { defineEvent } from "../../app/events.ts";
import { AccountId, Height, Integer, List, OneOf } from "../../schema/types.ts";
import { Amount } from "../tokens/index.ts";
import { Bond, ConsensusKey, FundRewards, JailReason, NodeReference, PowerOf } from "./schema.ts";
import { MAX_NODES, Policy, Settings } from "./settings.ts";

const NodeKey = Type.Object({ organisation: AccountId, publicKey: ConsensusKey });
const Epoch = Integer(0, Number.MAX_SAFE_INTEGER);
const Tokens = Integer(0, Number.MAX_SAFE_INTEGER);

export const registered = defineEvent("validators.registered", NodeKey);
export const readyAnnounced = defineEvent("validators.readyAnnounced", Type.Object({ organisation: AccountId, height: Height }));
export const keyReplaced = defineEvent("validators.keyReplaced", NodeKey);
export const leaving = defineEvent("validators.leaving", NodeReference);
export const left = defineEvent("validators.left", NodeReference);
export const jailed = defineEvent(
  "validators.jailed",
  Type.Object({ organisation: AccountId, reason: JailReason, until: Height, slashed: Tokens }),
);
export const unjailed = defineEvent("validators.unjailed", NodeReference);
export const bonded = defineEvent("validators.bonded", Bond);
export const unbonded = defineEvent(
  "validators.unbonded",
  Type.Object({ organisation: AccountId, account: AccountId, amount: Amount, epoch: Epoch }),
);
export const withdrawn = defineEvent("validators.withdrawn", Type.Object({ organisation: AccountId, account: AccountId, amount: Tokens }));
export const rewardsFunded = defineEvent("validators.rewardsFunded", FundRewards);
export const rewardsPaid = defineEvent("validators.rewardsPaid", Type.Object({ epoch: Epoch, paid: Tokens, left: Tokens }));
export const solved = defineEvent("validators.solved", Type.Object({ organisation: AccountId, epoch: Epoch, solutions: Integer(1, 64) }));
export const policyPlanned = defineEvent("validators.policyPlanned", Settings);
export const policyBegan = defineEvent("validators.policyBegan", Type.Object({ epoch: Epoch, policy: Policy }));
/** The set that decides from two blocks later on. */
export const setChanged = defineEvent(
  "validators.setChanged",
  Type.Object({
    epoch: Epoch,
    policy: OneOf("equal", "stake", "delegated", "work"),
    isComplete: Type.Boolean({ description: "false: a further step follows in the next epoch" }),
    validators: List(PowerOf, { maxItems: MAX_NODES }),
  }),
);
/** An alarm: the policy's target could not take over, so the set stays. */
export const setHeld = defineEvent(
  "validators.setHeld",
  Type.Object({ epoch: Epoch, alarm: OneOf("no-candidate", "too-few", "too-many", "malformed") }),
);

export const events = [
  registered,
  readyAnnounced,
  keyReplaced,
  leaving,
  left,
  jailed,
  unjailed,
  bonded,
  unbonded,
  withdrawn,
  rewardsFunded,
  rewardsPaid,
  solved,
  policyPlanned,
  policyBegan,
  setChanged,
  setHeld,
];
