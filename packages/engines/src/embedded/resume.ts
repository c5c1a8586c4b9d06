import { type Genesis, initialHeight } from "@galen/ledger/app/genesis";
import type { Ledger } from "@galen/ledger/app/ledger";
import { Commit } from "@galen/ledger/block/commit";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { ChainError, missingBlock } from "../chain/chain-error.ts";
import type { ChainStore } from "../chain/chain-store.ts";
import { genesisTip, type Tip } from "../chain/tip.ts";
import { verifyNextBlock } from "../chain/verify-block.ts";
import { storedGenesisTip, storedTip, verifyStoredBlock } from "../chain/verify-chain.ts";
import { type LastSigned, voteBytes } from "./last-signed.ts";
import type { SignedProposal } from "./proposal.ts";

/** A chain on the disk and the ledger that was opened beside it. */
export interface ChainAtRest {
  readonly store: ChainStore;
  readonly ledger: Ledger;
  readonly genesis: Genesis;
  readonly crypto: CryptoProvider;
}

/**
 * A bit that the disk turns in the store's write-ahead log takes whole batches away, without an error: what of the state went with them the tree tells, and of the replay
 * window nothing does but the block that was in the same batch. To look at the keys of so many blocks takes a tenth of a second; that log holds fewer, unless nearly all are empty.
 */
const RECENT_BLOCKS = 30_000;

/** Where the chain goes on. Checks the last block as a stranger would, that the recent ones are all there, and that the ledger stands exactly behind it. Throws ChainError. */
export async function resumeTip({ store, ledger, genesis, crypto }: ChainAtRest): Promise<Tip> {
  const { height } = ledger;
  if (store.blockBytes(height + 1)) {
    throw new ChainError("StateMismatch", `the chain holds block ${height + 1}, the state ends at ${height}; restore a backup`);
  }
  const first = initialHeight(genesis);
  if (height < first) return genesisTip(genesis, ledger.appHash, crypto.sha256);

  const missing = await store.gapIn(Math.max(first, height - RECENT_BLOCKS + 1), height);
  if (missing !== undefined) throw missingBlock(missing);
  const before = height === first ? storedGenesisTip(store, genesis, crypto) : await storedTip(store, height - 1, crypto);
  const tip = await verifyStoredBlock(store, before, crypto);
  if (!equalBytes(tip.appHash, ledger.appHash)) {
    throw new ChainError("StateMismatch", `the state is not the one that block ${height} led to; restore a backup or replay the chain`);
  }
  return tip;
}

/**
 * The block that the key's last vote was for, if the process ended between the vote and the block's write. Throws ChainError when going on
 * could mean a second vote at one height.
 */
export function unfinishedBlock(tip: Tip, vote: LastSigned | undefined, crypto: CryptoProvider): SignedProposal | undefined {
  if (!vote || vote.height < tip.height) return undefined; // the store holds later votes itself
  if (vote.height === tip.height && tip.header === undefined) return undefined; // of the chain that this one goes on from
  if (vote.height === tip.height) {
    if (equalBytes(voteBytes(tip.commit, tip.chainId), vote.signBytes)) return undefined;
    throw new ChainError(
      "SignedAnother",
      `the key has signed another block ${vote.height} than the store holds; never run one key in two places`,
    );
  }
  if (vote.height > tip.height + 1) {
    throw new ChainError(
      "SignedAhead",
      `the key has signed block ${vote.height}, the store ends at ${tip.height}: it is an old copy; restore a newer one`,
    );
  }
  const commit = Commit.decode(vote.commit);
  const { block, id } = verifyNextBlock(tip, vote.block, commit, crypto);
  const txs = block.data.txs.map((bytes) => ({ bytes, txHash: bytesToHex(crypto.sha256(bytes)) }));
  return { proposal: { header: block.header, id, txs, bytes: vote.block }, commit };
}
