import type { BlockFacts, BlockVote, Misbehavior } from "@galen/ledger/app/block-facts";
import { BlockIdFlag, type Commit, type CommitSig } from "@galen/ledger/block/commit";
import { type Conviction, convictions } from "@galen/ledger/block/evidence";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { type Validator, validatorAddress } from "@galen/ledger/block/validator";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";

/** A block as the chain holds it, with the set that voted on the block before. */
export interface FactSource {
  readonly blockHash: Uint8Array;
  readonly lastCommit: Commit;
  /** As the block holds it. */
  readonly evidence: readonly Uint8Array[];
  /** In set order; its members and the commit's signatures stand at the same places. */
  readonly lastValidators: readonly Validator[];
}

/** What the ledger is told of a block. It follows from the stored chain alone, so that a replay tells the same. */
export function blockFacts({ blockHash, lastCommit, lastValidators, evidence }: FactSource, sha256: Sha256): BlockFacts {
  const votes = blockVotes(lastCommit.signatures, lastValidators, sha256);
  return { hash: bytesToHex(blockHash), votes, misbehavior: evidence.flatMap(convictions).map(misbehaviorOf) };
}

/** How a set of validators voted; its members and the votes stand at the same places. */
export function blockVotes(
  votes: readonly Pick<CommitSig, "blockIdFlag">[],
  validators: readonly Validator[],
  sha256: Sha256,
): readonly BlockVote[] {
  return votes.map(({ blockIdFlag }, at) => {
    const { publicKey, power } = validators[at]!;
    return { address: bytesToHex(validatorAddress(publicKey, sha256)), power: Number(power), signed: blockIdFlag !== BlockIdFlag.absent };
  });
}

function misbehaviorOf({ kind, address, power, height, time, totalPower }: Conviction): Misbehavior {
  return { kind, address: bytesToHex(address), power, height, time: toMilliseconds(time), totalPower };
}
