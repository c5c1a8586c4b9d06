import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import type { BlockTx } from "../../chain/sealed-block.ts";
import type { Mempool } from "../../pool/mempool.ts";

/**
 * CometBFT hands over a transaction up to four times: to be checked, offered for a proposal, in a proposal, in the decided block. Each time in new bytes, while the
 * ledger remembers by the array what it has decoded and verified. This gives all of them the array of the first time.
 */
export interface KnownTransactions {
  /** The transactions of a proposal or a block. Those that are new are remembered. */
  ofBlock(txs: readonly Uint8Array[]): readonly BlockTx[];
  /** Forgets what only proposals have brought: their height is decided. */
  forget(): void;
}

/** Beside what waits in `pool`, remembers what came in the proposals of one height. */
export function createKnownTransactions({ pool, sha256 }: { readonly pool: Mempool; readonly sha256: Sha256 }): KnownTransactions {
  const proposed = new Map<string, BlockTx>();

  function known(bytes: Uint8Array): BlockTx {
    const txHash = bytesToHex(sha256(bytes));
    const waiting = pool.get(txHash);
    if (waiting) return waiting.prepared;
    const tx = proposed.get(txHash) ?? { bytes, txHash };
    proposed.set(txHash, tx);
    return tx;
  }

  return {
    ofBlock: (txs) => txs.map(known),
    forget: () => proposed.clear(),
  };
}
