import type { PreparedTransaction } from "../tx/prepare.ts";

/** Transactions decoded and verified on arrival, kept until their block, so that each signature is verified once. */
export interface TransactionCache {
  get(bytes: Uint8Array): PreparedTransaction | undefined;
  add(prepared: PreparedTransaction): PreparedTransaction;
  /** Forgets the older half when the cache is full; called once a block. */
  dropOld(): void;
  clear(): void;
}

/** About 40 MB of small transactions: several full blocks. */
const MAX_CACHED = 20_000;

/**
 * Keyed by the identity of the byte array: the pool hands the same array to the block. Bytes that arrive anew, with the same content or not,
 * are simply decoded again; the cache is an economy, never a verdict of its own.
 */
export function createTransactionCache(): TransactionCache {
  let cached = new Map<Uint8Array, PreparedTransaction>();
  return {
    get: (bytes) => cached.get(bytes),
    add(prepared) {
      cached.set(prepared.bytes, prepared);
      return prepared;
    },
    dropOld() {
      if (cached.size > MAX_CACHED) cached = new Map([...cached].slice(-MAX_CACHED / 2));
    },
    clear: () => cached.clear(),
  };
}
