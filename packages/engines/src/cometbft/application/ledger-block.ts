import type { Misbehavior } from "@galen/ledger/app/block-facts";
import type { Block } from "@galen/ledger/app/ledger";
import { BlockIdFlag } from "@galen/ledger/block/commit";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { MisbehaviorType, type RequestOf } from "../abci/messages.ts";

type Request = RequestOf<"finalizeBlock">;

/** A decided block as the ledger takes it. The facts are those that `blockFacts` reads from the stored chain. */
export function ledgerBlock({ txs, lastCommit, misbehavior, hash, height, time }: Request): Block {
  return {
    height,
    time: toMilliseconds(time),
    txs,
    hash: bytesToHex(hash),
    votes: lastCommit.votes.map(({ validator, blockIdFlag }) => ({
      address: bytesToHex(validator.address),
      power: validator.power,
      signed: blockIdFlag !== BlockIdFlag.absent,
    })),
    misbehavior: misbehavior.map(misbehaviorOf),
  };
}

function misbehaviorOf({ type, validator, height, time, totalVotingPower }: Request["misbehavior"][number]): Misbehavior {
  return {
    kind: kindOf(type),
    address: bytesToHex(validator.address),
    power: validator.power,
    height,
    time: toMilliseconds(time),
    totalPower: totalVotingPower,
  };
}

function kindOf(type: number): Misbehavior["kind"] {
  if (type === MisbehaviorType.duplicateVote) return "duplicateVote";
  if (type === MisbehaviorType.lightClientAttack) return "lightClientAttack";
  throw new Error(`CometBFT reports a misbehaviour of kind ${type}, which this program does not know; install a newer release`);
}
