import { type Static, Type } from "typebox";
import { Integer, OneOf } from "../../schema/types.ts";

/** As many as `ledger/validators` holds. */
export const MAX_NODES = 128;
/** How many epochs stake may wait before it can be withdrawn: what a slash looks through. */
export const MAX_UNBONDING_EPOCHS = 64;
/** Epochs in which solutions count, at most: what a miner's record keeps. */
export const MAX_WINDOW_EPOCHS = 64;
/** Missed votes that are kept of one node. */
export const MAX_ABSENCES = 64;
/** Twice the blocks whose hashes make the next challenge: the others change nothing by themselves, or an idle chain would never come to rest. */
const MIN_EPOCH_BLOCKS = 8;
/** A slash takes at most half: a pool that still holds tokens can still be divided. */
const MAX_SLASH_BASIS_POINTS = 5_000;

const Blocks = Integer(1, 10_000_000, { description: "blocks" });

export const EqualPolicy = Type.Object({ kind: Type.Literal("equal") });
export const StakePolicy = Type.Object({
  kind: Type.Literal("stake"),
  capBasisPoints: Integer(1, 10_000, { description: "share of the power that one node has at most; 10000 for no limit" }),
});
export const DelegatedPolicy = Type.Object({
  kind: Type.Literal("delegated"),
  seats: Integer(1, MAX_NODES),
  power: OneOf("equal", "stake"),
});
export const WorkPolicy = Type.Object({
  kind: Type.Literal("work"),
  windowEpochs: Integer(1, MAX_WINDOW_EPOCHS, { description: "epochs in which a solution counts" }),
  solutionsPerEpoch: Integer(1, 4_096, { description: "what the difficulty aims at" }),
  difficulty: Integer(1, 281_474_976_710_656, { description: "hashes that the first solutions take on average" }),
  founderBasisPoints: Integer(0, 10_000, { description: "share of the power with which the founders begin" }),
  fadeEpochs: Integer(1, 1_000_000, { description: "epochs until the founders' share has gone" }),
});
export type EqualPolicy = Static<typeof EqualPolicy>;
export type StakePolicy = Static<typeof StakePolicy>;
export type DelegatedPolicy = Static<typeof DelegatedPolicy>;
export type WorkPolicy = Static<typeof WorkPolicy>;

/** What gives voting power. */
export const Policy = Type.Union([EqualPolicy, StakePolicy, DelegatedPolicy, WorkPolicy]);
export type Policy = Static<typeof Policy>;

/** All that the alliance decides about voting power. */
export const Settings = Type.Object({
  policy: Policy,
  admission: OneOf("closed", "open"),
  epochBlocks: Integer(MIN_EPOCH_BLOCKS, 1_000_000, { description: "blocks between two changes of power" }),
  minValidators: Integer(1, MAX_NODES, { description: "a set with fewer nodes never takes over" }),
  readinessBlocks: Blocks,
  unbondingEpochs: Integer(1, MAX_UNBONDING_EPOCHS),
  epochReward: Integer(0, Number.MAX_SAFE_INTEGER, { description: "shares paid for an epoch, as far as the pot reaches" }),
  downtime: Type.Object({
    sampleBlocks: Integer(1, 1_000, { description: "every so many blocks, missed votes count" }),
    windowBlocks: Blocks,
    maxMissed: Integer(1, MAX_ABSENCES, { description: "so many misses in the window jail a node" }),
    jailBlocks: Blocks,
    slashBasisPoints: Integer(0, MAX_SLASH_BASIS_POINTS),
  }),
  doubleSign: Type.Object({ jailBlocks: Blocks, slashBasisPoints: Integer(0, MAX_SLASH_BASIS_POINTS) }),
});
export type Settings = Static<typeof Settings>;

/** Of a chain whose founders say nothing: one organisation, one vote, among the nodes that it began with. */
export const defaultSettings: Settings = {
  policy: { kind: "equal" },
  admission: "closed",
  epochBlocks: 100,
  minValidators: 1,
  readinessBlocks: 200,
  unbondingEpochs: 50,
  epochReward: 0,
  downtime: { sampleBlocks: 10, windowBlocks: 1_000, maxMissed: 50, jailBlocks: 1_000, slashBasisPoints: 0 },
  doubleSign: { jailBlocks: 10_000, slashBasisPoints: 500 },
};
