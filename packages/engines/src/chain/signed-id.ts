import { type Block, blockId } from "@galen/ledger/block/block";
import { type BlockId, equalBlockIds, isZeroBlockId } from "@galen/ledger/block/block-id";
import { Commit, emptyCommit } from "@galen/ledger/block/commit";
import { type Validator, validatorAddress } from "@galen/ledger/block/validator";
import { isSignedBy } from "@galen/ledger/block/verify-commit";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";

/** A block that holds together (`blockFault`), and the set that decided on it. */
export interface IdentifiedBlock {
  readonly block: Block;
  /** `Block.encode(block)`. */
  readonly bytes: Uint8Array;
  readonly validators: readonly Validator[];
}

/**
 * Whether an id, which is signed, is that of a block. Its hash is the header's, which binds transactions, evidence and the signatures of the last commit.
 * Its parts are over the bytes that the proposer sent: CometBFT takes others than it would write itself, such as with a field that no block has
 * (cometbft consensus/state.go addProposalBlockPart), and tells of the block in its own. Then the parts stand as they were signed, and what only
 * they bind is shown by the last commit's signatures.
 */
export function isIdOf(id: BlockId, { block, bytes, validators }: IdentifiedBlock, crypto: CryptoProvider): boolean {
  const own = blockId(block.header, bytes, crypto.sha256);
  return equalBlockIds(id, own) || (equalBytes(id.hash, own.hash) && isLastCommitSigned(block, validators, crypto));
}

/**
 * Whether height, round and id of the commit inside a block are those that its signatures are for. They are the signatures of the set before, which
 * is known by its hash alone; they are checked for those who are in this block's set as well.
 */
function isLastCommitSigned({ header, lastCommit }: Block, validators: readonly Validator[], crypto: CryptoProvider): boolean {
  if (isZeroBlockId(header.lastBlockId)) return equalBytes(Commit.encode(lastCommit), Commit.encode(emptyCommit));
  const isOfBlockBefore = lastCommit.height === header.height - 1 && equalBlockIds(lastCommit.blockId, header.lastBlockId);
  const keys = new Map(validators.map(({ publicKey }) => [bytesToHex(validatorAddress(publicKey, crypto.sha256)), publicKey]));
  const known = lastCommit.signatures.flatMap((sig) => {
    const key = keys.get(bytesToHex(sig.validatorAddress));
    return key ? [{ key, sig }] : [];
  });
  const isSigned = known.every(({ key, sig }) => isSignedBy(key, header.chainId, lastCommit, sig, crypto));
  return isOfBlockBefore && known.length > 0 && isSigned;
}
