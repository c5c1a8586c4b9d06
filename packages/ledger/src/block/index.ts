export { Block, blockFault, blockId, evidenceHash } from "./block.ts";
export { BlockId, equalBlockIds, isZeroBlockId, PartSetHeader, partSetHeader, zeroBlockId } from "./block-id.ts";
export { absentCommitSig, BlockIdFlag, Commit, CommitSig, commitHash, emptyCommit, MAX_VALIDATORS } from "./commit.ts";
export { dataHash, type Inclusion, proveTx, verifyTx } from "./data.ts";
export { BLOCK_PROTOCOL, Header, headerHash } from "./header.ts";
export { type BlockParams, consensusHash } from "./params.ts";
export { proveResult, resultsHash, type TxResult, verifyResult } from "./results.ts";
export {
  addMilliseconds,
  compareTimestamps,
  formatTimestamp,
  fromMilliseconds,
  parseTimestamp,
  Timestamp,
  toMilliseconds,
  zeroTime,
} from "./timestamp.ts";
export {
  orderValidators,
  totalPower,
  type Validator,
  validatorAddress,
  validatorFromJson,
  validatorsHash,
  validatorToJson,
} from "./validator.ts";
export { type CommitFault, commitFault, isSignedBy } from "./verify-commit.ts";
export { type Precommit, precommitSignBytes } from "./vote.ts";
