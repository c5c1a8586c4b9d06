import { Block, blockFault } from "@galen/ledger/block/block";
import { type BlockId, equalBlockIds } from "@galen/ledger/block/block-id";
import { Commit } from "@galen/ledger/block/commit";
import { BLOCK_PROTOCOL, type Header } from "@galen/ledger/block/header";
import { consensusHash } from "@galen/ledger/block/params";
import { compareTimestamps } from "@galen/ledger/block/timestamp";
import { validatorAddress, validatorsHash } from "@galen/ledger/block/validator";
import { commitFault } from "@galen/ledger/block/verify-commit";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import { ChainError } from "./chain-error.ts";
import { isIdOf } from "./signed-id.ts";
import type { Tip } from "./tip.ts";
import { voteTime } from "./vote-time.ts";

/** A block that was found to follow a tip. */
export interface VerifiedBlock {
  readonly block: Block;
  readonly id: BlockId;
}

/**
 * The block in `bytes`, provided that it is one that follows `tip` and that `commit` makes it final: every field that the tip determines is
 * compared, the rest (transactions, evidence, proposer) is bound by the header's hashes, and the header by the signatures of the tip's validators.
 * Throws ChainError, or SchemaError.
 */
export function verifyNextBlock(tip: Tip, bytes: Uint8Array, commit: Commit, crypto: CryptoProvider): VerifiedBlock {
  const { sha256 } = crypto;
  const { validators } = tip;
  const height = tip.height + 1;
  const block = Block.decode(bytes);
  const followsTip = isHeaderAfter(tip, block.header, sha256) && isTimeAfter(tip, block.header);
  if (!followsTip || !holdsCommit(tip, block) || blockFault(block, sha256) !== undefined) throw alteredBlock(height);

  const fault = commitFault(tip.chainId, commit, validators, crypto);
  const isForBlock = commit.height === height && isIdOf(commit.blockId, { block, bytes, validators }, crypto);
  if (fault !== undefined || !isForBlock) {
    throw new ChainError(
      "CommitInvalid",
      `block ${height} is not signed by its validators (${fault ?? "another block"}); restore a backup`,
    );
  }
  requireVoteTime(block.header, commit);
  return { block, id: commit.blockId };
}

/** What is found wrong with a block that does not follow the one before. */
export function alteredBlock(height: number): ChainError {
  return new ChainError("BlockAltered", `block ${height} is not the one that follows the block before it; restore a backup`);
}

/** Whether all fields that a tip determines are as it says (cometbft state/validation.go). */
function isHeaderAfter(tip: Tip, header: Header, sha256: Sha256): boolean {
  const { version, chainId, height, lastBlockId, proposerAddress } = header;
  const isKnown = version.block === BLOCK_PROTOCOL && version.app === tip.appVersion;
  return (
    isKnown &&
    chainId === tip.chainId &&
    height === tip.height + 1 &&
    equalBlockIds(lastBlockId, tip.blockId) &&
    equalBytes(header.validatorsHash, validatorsHash(tip.validators, sha256)) &&
    equalBytes(header.nextValidatorsHash, validatorsHash(tip.nextValidators, sha256)) &&
    equalBytes(header.consensusHash, consensusHash({ maxBytes: tip.maxBlockBytes, maxGas: -1 }, sha256)) &&
    equalBytes(header.appHash, tip.appHash) &&
    equalBytes(header.lastResultsHash, tip.lastResultsHash) &&
    tip.validators.some(({ publicKey }) => equalBytes(validatorAddress(publicKey, sha256), proposerAddress))
  );
}

/** The first block's time is the genesis document's; of one vote the median is that vote. Of several, the validators have weighed it. */
function isTimeAfter({ header: last, commit, nextTime }: Tip, { time }: Header): boolean {
  if (commit.signatures.length <= 1) return compareTimestamps(time, nextTime) === 0;
  return last === undefined || compareTimestamps(time, last.time) > 0;
}

function holdsCommit(tip: Tip, { lastCommit }: Block): boolean {
  return equalBytes(Commit.encode(lastCommit), Commit.encode(tip.commit));
}

/** A chain of one key holds itself to CometBFT's rule for the vote's time. Of many voters one may be wrong about the time. */
function requireVoteTime({ height, time }: Header, { signatures }: Commit): void {
  if (signatures.length > 1) return;
  const { timestamp } = signatures[0]!;
  if (compareTimestamps(voteTime(time, timestamp), timestamp) !== 0) {
    throw new ChainError("CommitInvalid", `block ${height} was signed before its own time; restore a backup`);
  }
}
