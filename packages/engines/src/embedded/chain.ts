import type { Genesis } from "@galen/ledger/app/genesis";
import type { ForeseenBlock, Ledger } from "@galen/ledger/app/ledger";
import { parameters } from "@galen/ledger/app/parameters";
import { BlockIdFlag, type CommitSig } from "@galen/ledger/block/commit";
import { type Timestamp, toMilliseconds } from "@galen/ledger/block/timestamp";
import type { Validator } from "@galen/ledger/block/validator";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { blockVotes } from "../chain/block-facts.ts";
import type { BlockRecord } from "../chain/block-record.ts";
import { ChainError } from "../chain/chain-error.ts";
import { blockWrites, type ChainStore } from "../chain/chain-store.ts";
import type { BlockTx, SealedBlock } from "../chain/sealed-block.ts";
import { advanceTip, type Tip } from "../chain/tip.ts";
import { voteTime } from "../chain/vote-time.ts";
import { type LastSignedPort, voteOf } from "./last-signed.ts";
import { type Proposal, proposeBlock, type SignedProposal, signProposal } from "./proposal.ts";
import { resumeTip, unfinishedBlock } from "./resume.ts";

/** The one validator's key. `sign` answers with an Ed25519 signature, 64 bytes. */
export interface Signer {
  readonly publicKey: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** A chain that one key extends, block by block. */
export interface Chain {
  /** The last durable block. */
  readonly tip: Tip;
  /** Whether this key alone decides on the next block. */
  readonly isOurs: boolean;
  /** What is known of the block after the last executed one, which is chosen with the vote on that: the ledger runs what arrives in it. */
  readonly next: ForeseenBlock;
  /** Builds and executes the next block before it returns; `durable` resolves when block, results, state and vote are on the disk. */
  extend(txs: readonly BlockTx[]): { readonly durable: Promise<SealedBlock> };
}

export interface ChainOptions {
  readonly ledger: Ledger;
  readonly store: ChainStore;
  readonly crypto: CryptoProvider;
  readonly signer: Signer;
  readonly lastSigned: LastSignedPort;
  readonly clock: () => Timestamp;
  readonly genesis: Genesis;
}

/** Opens the chain where it ended, and finishes the block that was signed but not written when the process ended. Throws ChainError. */
export async function openChain(options: ChainOptions): Promise<Chain> {
  const { ledger, store, crypto, signer, lastSigned, clock } = options;
  let tip = await resumeTip(options);
  let next = foresee(tip.nextTime, tip.commit.signatures, tip.lastValidators);

  function foresee(time: Timestamp, votes: readonly Pick<CommitSig, "blockIdFlag">[], voters: readonly Validator[]): ForeseenBlock {
    return { time: toMilliseconds(time), votes: blockVotes(votes, voters, crypto.sha256), misbehavior: [] };
  }

  /** Executes a block on which the vote has this time; from here on the ledger is ahead of the disk until `keep` has resolved. */
  function execute({ header, id, txs }: Proposal, votedAt: Timestamp): BlockRecord {
    const block = { ...next, height: header.height, hash: bytesToHex(id.hash), txs: txs.map(({ bytes }) => bytes) };
    const finalized = ledger.finalizeBlock(block);
    next = foresee(votedAt, [{ blockIdFlag: BlockIdFlag.commit }], tip.validators);
    return { ...finalized, maxBlockBytes: parameters.get(ledger, "current")!.maxBlockBytes };
  }

  /**
   * The vote leaves this process only after both writes: whichever of them a crash leaves behind, the block is the same after the restart.
   * The vote alone finishes its block; the store alone holds the vote.
   */
  async function keep({ proposal, commit }: SignedProposal, record: BlockRecord, voteWritten: Promise<void>): Promise<SealedBlock> {
    const { header, txs, bytes } = proposal;
    const after = advanceTip(tip, { header, commit }, record, crypto.sha256);
    const blockWritten = ledger.commit(blockWrites({ before: tip, after, bytes, txs, record }, store));
    await Promise.all([voteWritten, blockWritten]).catch((cause: unknown) => {
      throw new ChainError("WriteFailed", `block ${after.height} could not be written; free space and start again`, { cause });
    });
    tip = after;
    return { height: header.height, header, commit, txs, record };
  }

  const vote = await lastSigned.read();
  const unfinished = unfinishedBlock(tip, vote, crypto);
  if (unfinished) {
    await keep(unfinished, execute(unfinished.proposal, unfinished.commit.signatures[0]!.timestamp), Promise.resolve());
  } else if (tip.header && tip.height > (vote?.height ?? 0)) {
    await lastSigned.write(voteOf(tip.commit, tip.chainId, store.blockBytes(tip.height)!));
  }

  return {
    get tip() {
      return tip;
    },
    get isOurs() {
      return tip.validators.length === 1 && equalBytes(tip.validators[0]!.publicKey, signer.publicKey);
    },
    get next() {
      return next;
    },
    extend(txs) {
      const proposal = proposeBlock(tip, txs, crypto.sha256);
      const votedAt = voteTime(proposal.header.time, clock());
      const record = execute(proposal, votedAt);
      const durable = signProposal(proposal, votedAt, (bytes) => signer.sign(bytes)).then((signed) => {
        return keep(signed, record, lastSigned.write(voteOf(signed.commit, tip.chainId, proposal.bytes)));
      });
      return { durable };
    },
  };
}
