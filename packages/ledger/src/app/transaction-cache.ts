import type { PreparedTransaction } from "../tx/prepare.ts";

/** Transactions decoded and verified on arrival, kept until their block, so that each signature is verified once. */
export interface TransactionCache {
  get(bytes: Uint8Array): PreparedTransaction | undefined;
  /** Keeps it; the older half of a full cache goes. */
  add(prepared: PreparedTransaction): PreparedTransaction;
  /** Forgets one: its block has executed. Kept any longer, decoded transactions would be most of what the collector walks. */
  forget(bytes: Uint8Array): void;
  clear(): void;
}

/** Bytes of transactions in one of the two halves: several full blocks; decoded they take about four times as much. */
const HALF_BYTES = 16_777_216;

/**
 * Keyed by the identity of the byte array: the pool hands the same array to the block. Bytes that arrive anew, with the same content or not,
 * are simply decoded again; the cache is an economy, never a verdict of its own.
 */
export function createTransactionCache(halfBytes = HALF_BYTES): TransactionCache {
  let young = new Map<Uint8Array, PreparedTransaction>();
  let old = new Map<Uint8Array, PreparedTransaction>();
  let youngBytes = 0;
  return {
    get: (bytes) => young.get(bytes) ?? old.get(bytes),
    add(prepared) {
      if (youngBytes + prepared.bytes.length > halfBytes) {
        old = young;
        young = new Map();
        youngBytes = 0;
      }
      young.set(prepared.bytes, prepared);
      youngBytes += prepared.bytes.length;
      return prepared;
    },
    forget(bytes) {
      if (young.delete(bytes)) youngBytes -= bytes.length;
      else old.delete(bytes);
    },
    clear() {
      young = new Map();
      old = new Map();
      youngBytes = 0;
    },
  };
}
