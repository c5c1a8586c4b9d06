import { merkleRoot, type Sha256 } from "../crypto/rfc6962.ts";
import { SchemaError } from "../schema/schema-error.ts";
import { BlockId, isZeroBlockId, zeroBlockId } from "./block-id.ts";
import { ADDRESS_SIZE, addressOrNone, base64Bytes, int32, int64 } from "./kinds.ts";
import { type Message, many, message, one, type ValueOf } from "./message.ts";
import { compareTimestamps, Timestamp, zeroTime } from "./timestamp.ts";

/** What a validator's precommit says: not received, for the block, or for no block. */
export const BlockIdFlag = { absent: 1, commit: 2, nil: 3 } as const;

/** Validators of one set at most (cometbft types/vote_set.go MaxVotesCount). */
export const MAX_VALIDATORS = 10_000;
const SIGNATURE_SIZE = 64;
const UNIX_EPOCH: Timestamp = { seconds: 0, nanos: 0 };
const MAX_ROUND = 2 ** 31 - 1;

const signatureWire = message({
  blockIdFlag: one(1, "block_id_flag", int32(3)),
  validatorAddress: one(2, "validator_address", addressOrNone),
  timestamp: one(3, "timestamp", Timestamp),
  signature: one(4, "signature", base64Bytes(SIGNATURE_SIZE)),
});

/** One validator's part of a commit, at the validator's index in the set. */
export type CommitSig = ValueOf<typeof signatureWire>;

/** The part of a validator whose vote did not arrive. Its time is Go's zero time, not the empty one. */
export const absentCommitSig: CommitSig = {
  blockIdFlag: BlockIdFlag.absent,
  validatorAddress: new Uint8Array(0),
  timestamp: zeroTime,
  signature: new Uint8Array(0),
};

export const CommitSig: Message<CommitSig> = {
  ...signatureWire,
  decode: (bytes) => requireConsistent(signatureWire.decode(bytes)),
  fromJson(json) {
    const sig = signatureWire.fromJson(json);
    // Some writers give an absent vote the time 1970; it is not signed, so the one form is restored here.
    const isUntimed = sig.blockIdFlag === BlockIdFlag.absent && compareTimestamps(sig.timestamp, UNIX_EPOCH) === 0;
    return requireConsistent(isUntimed ? { ...sig, timestamp: zeroTime } : sig);
  },
};

const commitWire = message({
  height: one(1, "height", int64()),
  round: one(2, "round", int32(MAX_ROUND)),
  blockId: one(3, "block_id", BlockId),
  signatures: many(4, "signatures", CommitSig, MAX_VALIDATORS),
});

/** The precommits that made a block final, in the order of its validator set. */
export type Commit = ValueOf<typeof commitWire>;

export const Commit: Message<Commit> = {
  ...commitWire,
  decode: (bytes) => requireCommit(commitWire.decode(bytes)),
  fromJson: (json) => requireCommit(commitWire.fromJson(json)),
};

/** What the first block carries in place of a commit. */
export const emptyCommit: Commit = { height: 0, round: 0, blockId: zeroBlockId, signatures: [] };

/** RFC 6962 root over the signatures of a commit: `lastCommitHash` of the header that follows (cometbft `Commit.Hash`). */
export function commitHash(commit: Commit, sha256: Sha256): Uint8Array {
  return merkleRoot(commit.signatures.map(CommitSig.encode), sha256);
}

/** True if the fields fit each other: an absent vote is bare, any other has an address and a signature (cometbft CommitSig.ValidateBasic). */
export function isConsistentSig({ blockIdFlag, validatorAddress, timestamp, signature }: CommitSig): boolean {
  if (blockIdFlag === BlockIdFlag.absent) {
    return validatorAddress.length === 0 && signature.length === 0 && compareTimestamps(timestamp, zeroTime) === 0;
  }
  const isVote = blockIdFlag === BlockIdFlag.commit || blockIdFlag === BlockIdFlag.nil;
  return isVote && validatorAddress.length === ADDRESS_SIZE && signature.length === SIGNATURE_SIZE;
}

function requireConsistent(sig: CommitSig): CommitSig {
  if (!isConsistentSig(sig)) throw new SchemaError("flag 1 stands alone; flags 2 and 3 stand with an address and a signature");
  return sig;
}

// cometbft Commit.ValidateBasic
function requireCommit(commit: Commit): Commit {
  if (commit.height > 0 && isZeroBlockId(commit.blockId)) throw new SchemaError("a commit names a block").within("block_id");
  if (commit.height > 0 && commit.signatures.length === 0) throw new SchemaError("a commit has signatures").within("signatures");
  return commit;
}
