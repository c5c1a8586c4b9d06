import { Block, blockId, evidenceHash } from "@galen/ledger/block/block";
import type { BlockId } from "@galen/ledger/block/block-id";
import { BlockIdFlag, type Commit, commitHash } from "@galen/ledger/block/commit";
import { BLOCK_PROTOCOL, type Header } from "@galen/ledger/block/header";
import { consensusHash } from "@galen/ledger/block/params";
import type { Timestamp } from "@galen/ledger/block/timestamp";
import { validatorAddress, validatorsHash } from "@galen/ledger/block/validator";
import { precommitSignBytes } from "@galen/ledger/block/vote";
import { hexToBytes } from "@galen/ledger/crypto/hex";
import { merkleRoot, type Sha256 } from "@galen/ledger/crypto/rfc6962";
import type { BlockTx } from "../chain/sealed-block.ts";
import type { Tip } from "../chain/tip.ts";

/** A block that is complete but not yet final. */
export interface Proposal {
  readonly header: Header;
  readonly id: BlockId;
  readonly txs: readonly BlockTx[];
  /** The protobuf block. */
  readonly bytes: Uint8Array;
}

/** A block with the commit that makes it final. */
export interface SignedProposal {
  readonly proposal: Proposal;
  readonly commit: Commit;
}

/**
 * The one block that follows `tip` with these transactions: every field is determined, so that a stored block is verified by building it again
 * and comparing bytes (cometbft state/state.go MakeBlock).
 */
export function proposeBlock(tip: Tip, txs: readonly BlockTx[], sha256: Sha256): Proposal {
  const header: Header = {
    version: { block: BLOCK_PROTOCOL, app: tip.appVersion },
    chainId: tip.chainId,
    height: tip.height + 1,
    time: tip.nextTime,
    lastBlockId: tip.blockId,
    lastCommitHash: commitHash(tip.commit, sha256),
    dataHash: merkleRoot(
      txs.map(({ txHash }) => hexToBytes(txHash)!),
      sha256,
    ),
    validatorsHash: validatorsHash(tip.validators, sha256),
    nextValidatorsHash: validatorsHash(tip.nextValidators, sha256),
    consensusHash: consensusHash({ maxBytes: tip.maxBlockBytes, maxGas: -1 }, sha256),
    appHash: tip.appHash,
    lastResultsHash: tip.lastResultsHash,
    evidenceHash: evidenceHash([], sha256),
    proposerAddress: validatorAddress(tip.validators[0]!.publicKey, sha256),
  };
  const bytes = Block.encode({ header, data: { txs: txs.map((tx) => tx.bytes) }, evidence: { evidence: [] }, lastCommit: tip.commit });
  return { header, id: blockId(header, bytes, sha256), txs, bytes };
}

/** The precommit of a set of one, in round 0, with the time that `voteTime` gives. `sign` gets the canonical vote and answers with 64 bytes of Ed25519. */
export async function signProposal(
  proposal: Proposal,
  timestamp: Timestamp,
  sign: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>,
): Promise<SignedProposal> {
  const { header, id } = proposal;
  const signBytes = precommitSignBytes({ chainId: header.chainId, height: header.height, round: 0, blockId: id, timestamp });
  const signature = await sign(signBytes);
  const vote = { blockIdFlag: BlockIdFlag.commit, validatorAddress: header.proposerAddress, timestamp, signature };
  return { proposal, commit: { height: header.height, round: 0, blockId: id, signatures: [vote] } };
}
