import { errors } from "./api-error.ts";

/** Some 20 MB in the worst case. */
const MAX_NONCES = 200_000;

/** Remembers the nonces of signed requests for as long as their requests would be accepted. */
export interface NonceMemory {
  /** False if it was there. Throws Refusal api/TooManyRequests. */
  add(account: string, nonce: string): boolean;
}

type Half = Map<string, Set<string>>;

/**
 * A memory for requests that are accepted for `lifetimeMs`. An account may hold no more nonces than are still free: one that sends without end leaves half of
 * the memory to the others, a second one a quarter.
 */
export function createNonceMemory({
  lifetimeMs,
  now,
  maxNonces = MAX_NONCES,
}: {
  readonly lifetimeMs: number;
  readonly now: () => number;
  readonly maxNonces?: number;
}): NonceMemory {
  let [young, old]: [Half, Half] = [new Map(), new Map()];
  let [youngSize, oldSize] = [0, 0];
  let turnedAt = now();
  return {
    add(account, nonce) {
      // Both halves together reach back as far as a request may be dated, ahead and behind.
      if (now() - turnedAt > lifetimeMs) {
        [old, young] = [young, new Map()];
        [oldSize, youngSize] = [youngSize, 0];
        turnedAt = now();
      }
      const [own, former] = [young.get(account) ?? new Set<string>(), old.get(account)];
      if (own.has(nonce) || former?.has(nonce)) return false;
      if (own.size + (former?.size ?? 0) >= maxNonces - youngSize - oldSize) throw errors.TooManyRequests({ retryAfterMs: lifetimeMs / 2 });
      young.set(account, own.add(nonce));
      youngSize += 1;
      return true;
    },
  };
}
