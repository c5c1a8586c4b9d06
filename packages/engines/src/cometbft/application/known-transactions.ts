import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import type { BlockTx } from "../../chain/sealed-block.ts";
import type { Mempool } from "../../pool/mempool.ts";
import { SHORTEST_SIGNED_BYTES } from "../abci/too-short.ts";

/**
 * CometBFT hands over a transaction up to four times: to be checked, offered for a proposal, in a proposal, in the decided block. Each time in new bytes, while the
 * ledger remembers by the array what it has decoded and verified. This gives all of them the array of the first time.
 */
export interface KnownTransactions {
  /** The transactions of a proposal or a block. Those that are new are remembered, as far as there is room. */
  ofBlock(txs: readonly Uint8Array[]): readonly BlockTx[];
  /** Forgets what only proposals have brought: their height is decided. */
  forget(): void;
}

export interface KnownTransactionsOptions {
  readonly pool: Mempool;
  readonly sha256: Sha256;
  /** How much of proposals is remembered, roughly. Default: two of the largest blocks, that of this round and one of a round before. */
  readonly maxProposedBytes?: number;
}

/** The chain's highest limit of a block, twice. A height may have any number of rounds, and each of them another proposal. */
const MAX_PROPOSED_BYTES = 33_554_432;

/** Beside what waits in `pool`, remembers what came in the proposals of one height. */
export function createKnownTransactions(options: KnownTransactionsOptions): KnownTransactions {
  const { pool, sha256, maxProposedBytes = MAX_PROPOSED_BYTES } = options;
  const proposed = new Map<string, BlockTx>();
  let proposedBytes = 0;

  function forget(): void {
    proposed.clear();
    proposedBytes = 0;
  }

  function known(bytes: Uint8Array): BlockTx {
    const txHash = bytesToHex(sha256(bytes));
    const waiting = pool.get(txHash);
    if (waiting) return waiting;
    const before = proposed.get(txHash);
    if (before) return before;
    const tx = { bytes, txHash };
    if (bytes.length < SHORTEST_SIGNED_BYTES) return tx; // not worth its entry
    proposed.set(txHash, tx);
    proposedBytes += bytes.length;
    return tx;
  }

  return {
    ofBlock(txs) {
      if (proposedBytes > maxProposedBytes) forget();
      return txs.map(known);
    },
    forget,
  };
}
