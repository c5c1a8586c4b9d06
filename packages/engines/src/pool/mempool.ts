import { sizeInBlock } from "@galen/ledger/block/block-size";
import type { PendingTx } from "./pending.ts";

export interface MempoolLimits {
  readonly maxTxs: number;
  readonly maxBytes: number;
}

/** The transactions that wait for a block, first come first served, and those in the block that is being written. */
export interface Mempool {
  /** Both kinds, counted together. */
  readonly txs: number;
  readonly bytes: number;
  /** Those that wait for a block. */
  readonly waitingTxs: number;
  get(txHash: string): PendingTx | undefined;
  hasRoomFor(bytes: number): boolean;
  add(pending: PendingTx): void;
  /** Those that wait, in order. */
  waiting(): Iterable<PendingTx>;
  /** Moves the first that fit into `maxDataBytes` from waiting to being written. */
  take(maxDataBytes: number): PendingTx[];
  /** Those in the block that is being written, in order. */
  writing(): Iterable<PendingTx>;
  /** Forgets one of either kind. */
  drop(pending: PendingTx): void;
}

/** An empty pool. */
export function createMempool({ maxTxs, maxBytes }: MempoolLimits): Mempool {
  const waiting = new Map<string, PendingTx>();
  const writing = new Map<string, PendingTx>();
  let bytes = 0;

  const txs = () => waiting.size + writing.size;

  return {
    get txs() {
      return txs();
    },
    get bytes() {
      return bytes;
    },
    get waitingTxs() {
      return waiting.size;
    },
    get: (txHash) => waiting.get(txHash) ?? writing.get(txHash),
    hasRoomFor: (size) => txs() < maxTxs && bytes + size <= maxBytes,
    add(pending) {
      waiting.set(pending.txHash, pending);
      bytes += pending.bytes.length;
    },
    waiting: () => waiting.values(),
    take(maxDataBytes) {
      let room = maxDataBytes;
      for (const [txHash, pending] of waiting) {
        room -= sizeInBlock(pending.bytes);
        if (room < 0) break;
        waiting.delete(txHash);
        writing.set(txHash, pending);
      }
      return [...writing.values()];
    },
    writing: () => writing.values(),
    drop(pending) {
      if (waiting.delete(pending.txHash) || writing.delete(pending.txHash)) bytes -= pending.bytes.length;
    },
  };
}
