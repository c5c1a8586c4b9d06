import { defineMessage } from "../../app/define-module.ts";
import { announceReady, leave, register, replaceKey, unjail } from "./handlers/nodes.ts";
import { setPolicy } from "./handlers/policy.ts";
import { solve } from "./handlers/solve.ts";
import { bond, fundRewards, unbond, withdraw } from "./handlers/stake.ts";
import { AnnounceReady, Bond, BondReference, FundRewards, NodeReference, Register, Solve } from "./schema.ts";
import { Settings } from "./settings.ts";

const nodeMessages = [
  defineMessage({
    type: "validators.register",
    summary: "Register an organisation's node with its consensus key.",
    schema: Register,
    handle: register,
  }),
  defineMessage({
    type: "validators.replaceKey",
    summary: "Give a node another consensus key from the next epoch on.",
    schema: Register,
    handle: replaceKey,
  }),
  defineMessage({
    type: "validators.announceReady",
    summary: "Bring a node's sign of life, without which it is given no power.",
    schema: AnnounceReady,
    handle: announceReady,
  }),
  defineMessage({ type: "validators.leave", summary: "Take a node out of the network.", schema: NodeReference, handle: leave }),
  defineMessage({
    type: "validators.unjail",
    summary: "Let a node out of jail after its time.",
    schema: NodeReference,
    handle: unjail,
  }),
];

const stakeMessages = [
  defineMessage({ type: "validators.bond", summary: "Bond own shares to a node, the own one or another's.", schema: Bond, handle: bond }),
  defineMessage({
    type: "validators.unbond",
    summary: "Take shares back from a node; they can be withdrawn some epochs later.",
    schema: Bond,
    handle: unbond,
  }),
  defineMessage({
    type: "validators.withdraw",
    summary: "Withdraw the unbonded shares that are due.",
    schema: BondReference,
    handle: withdraw,
  }),
  defineMessage({
    type: "validators.fundRewards",
    summary: "Put own shares into the pot from which nodes are rewarded.",
    schema: FundRewards,
    handle: fundRewards,
  }),
];

export const messages = [
  ...nodeMessages,
  ...stakeMessages,
  defineMessage({
    type: "validators.solve",
    summary: "Submit solutions of the epoch's puzzle for a node.",
    schema: Solve,
    handle: solve,
  }),
  defineMessage({
    type: "validators.setPolicy",
    summary: "Decide what gives voting power from the next epoch on, by decision of the alliance.",
    schema: Settings,
    handle: setPolicy,
  }),
];
