import { type Static, Type } from "typebox";
import { AccountId, Bytes, Hash, Height, Integer, List, OneOf } from "../../schema/types.ts";
import { Amount, MAX_SUPPLY } from "../tokens/index.ts";
import { MAX_ABSENCES, MAX_NODES, MAX_UNBONDING_EPOCHS, MAX_WINDOW_EPOCHS, Settings } from "./settings.ts";

/** Solutions in one message. */
export const MAX_SOLUTIONS = 64;
/** The epoch takes so many times the solutions it aims at; what is beyond waits for a higher difficulty. */
export const MAX_OVERSUPPLY = 8;

const Count = Integer(0, MAX_SUPPLY);
const Epoch = Integer(0, Number.MAX_SAFE_INTEGER, { description: "number of an epoch" });
const Nonce = Integer(0, Number.MAX_SAFE_INTEGER);
export const ConsensusKey = Bytes(32, { description: "Ed25519 key with which the node votes on blocks" });
export const ConsensusSignature = Bytes(64, { description: "Ed25519 signature of the consensus key" });
/** First 20 bytes of the SHA-256 of a consensus key, as engines name validators. */
export const Address = Bytes(20, { description: "address of a consensus key" });

export const JailReason = OneOf("double-sign", "downtime");
const Jail = Type.Object({ reason: JailReason, until: Height });

const nodeFields = {
  organisation: AccountId,
  publicKey: ConsensusKey,
  /** The key before, which may have power until the next epoch. */
  formerKey: Type.Optional(ConsensusKey),
  registeredAt: Height,
  /** Height that the node's last sign of life names. */
  readyAt: Type.Optional(Height),
  jail: Type.Optional(Jail),
};
const leaving = Type.Optional(Type.Boolean());

/** An organisation's node, whether or not it has power. */
export const Node = Type.Object({
  ...nodeFields,
  /** Height of its release from jail, until the node shows life after it (from version 4 on). */
  releasedAt: Type.Optional(Height),
  leaving,
});
/** As it was before version 4. */
export const FormerNode = Type.Object({ ...nodeFields, leaving });
export type Node = Static<typeof Node>;

/** Whose key it is or was. Kept for good: evidence arrives late, and a key that was another's never comes back. */
export const KeyOwner = Type.Object({ organisation: AccountId, publicKey: ConsensusKey, convictedAt: Type.Optional(Height) });

/** From which height epochs of the present length count, and the number of the first of them. */
export const EpochBase = Type.Object({ number: Epoch, startHeight: Height, policySince: Epoch });
export type EpochBase = Static<typeof EpochBase>;

/** Tokens that several own together, by shares; a slash and a reward touch only the sum. */
export const Pool = Type.Object({ tokens: Count, shares: Count });
export type Pool = Static<typeof Pool>;
export const Share = Type.Object({ shares: Amount });
/** A share of what leaves a node together in one epoch. */
export const Claim = Type.Object({ epoch: Epoch, shares: Amount });

export const Absences = Type.Object({ heights: List(Height, { minItems: 1, maxItems: MAX_ABSENCES }) });

/** The puzzle of the epoch, and how many solved it so far. */
export const Puzzle = Type.Object({
  challenge: Hash,
  difficulty: Integer(1, Number.MAX_SAFE_INTEGER, { description: "hashes that a solution takes on average" }),
  solutions: Count,
  founders: List(AccountId, { maxItems: MAX_NODES }),
});
export type Puzzle = Static<typeof Puzzle>;
export const Entropy = Type.Object({ hash: Hash });

/** What a miner found lately: one count for each epoch, the latest last. */
export const Miner = Type.Object({
  lastNonce: Nonce,
  counts: List(Type.Object({ epoch: Epoch, solutions: Amount }), { minItems: 1, maxItems: MAX_WINDOW_EPOCHS }),
});
export type Miner = Static<typeof Miner>;

export const Register = Type.Object({ organisation: AccountId, publicKey: ConsensusKey, proof: ConsensusSignature });
export const NodeReference = Type.Object({ organisation: AccountId });
export const AnnounceReady = Type.Object({ organisation: AccountId, height: Height, proof: ConsensusSignature });
export const Bond = Type.Object({ organisation: AccountId, account: AccountId, amount: Amount });
export const BondReference = Type.Object({ organisation: AccountId, account: AccountId });
export const FundRewards = Type.Object({ account: AccountId, amount: Amount });
export const Solve = Type.Object({ organisation: AccountId, nonces: List(Nonce, { minItems: 1, maxItems: MAX_SOLUTIONS }) });

/** A node of the genesis document. */
export const FoundingNode = Type.Object({ organisation: AccountId, publicKey: ConsensusKey });
export type FoundingNode = Static<typeof FoundingNode>;
export const Founding = Type.Object({ nodes: List(FoundingNode, { minItems: 1, maxItems: MAX_NODES }), settings: Settings });
export type Founding = Static<typeof Founding>;

export const Nothing = Type.Object({});
const Power = Integer(0, 1_000_000_000);
/** A node with all that decides on its power. */
export const NodeStatus = Type.Object({
  node: Node,
  power: Power,
  /** Power at which the policy aims, of a million in all. */
  targetPower: Power,
  isReady: Type.Boolean(),
  ownStake: Count,
  totalStake: Count,
  solutions: Count,
});
export type NodeStatus = Static<typeof NodeStatus>;
export const Nodes = Type.Object({ nodes: List(NodeStatus, { maxItems: MAX_NODES }), totalPower: Integer(1, Number.MAX_SAFE_INTEGER) });
export const Regime = Type.Object({
  settings: Settings,
  planned: Type.Optional(Settings),
  epoch: Epoch,
  policySince: Epoch,
  nextEpochAt: Height,
});
export const Stake = Type.Object({
  tokens: Count,
  leaving: List(Type.Object({ epoch: Epoch, tokens: Count }), { maxItems: MAX_UNBONDING_EPOCHS }),
});
export const PuzzleStatus = Type.Object({ puzzle: Puzzle, epoch: Epoch, lastNonce: Type.Optional(Nonce) });
export const PowerOf = Type.Object({ organisation: Type.Optional(AccountId), publicKey: ConsensusKey, power: Power });
