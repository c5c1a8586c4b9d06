import { errors } from "./api-error.ts";

export interface RateLimits {
  /** Requests per second that one client address may keep up. */
  readonly requestsPerSecond: number;
  /** Requests that it may send at once. */
  readonly burst: number;
}

/** Counts a request of a client address. Throws Refusal api/TooManyRequests with `retryAfterMs`. */
export type RateLimiter = (address: string) => void;

/** Addresses that are remembered; beyond it the one that was quiet longest starts anew. */
const MAX_ADDRESSES = 10_000;

/** A token bucket for each client address. */
export function createRateLimiter({ requestsPerSecond, burst }: RateLimits, now: () => number): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (address) => {
    const at = now();
    const before = buckets.get(address) ?? { tokens: burst, at };
    const tokens = Math.min(burst, before.tokens + ((at - before.at) / 1_000) * requestsPerSecond);
    buckets.delete(address); // to the end: the map is ordered by last use
    buckets.set(address, { tokens: Math.max(tokens - 1, 0), at });
    if (buckets.size > MAX_ADDRESSES) buckets.delete(buckets.keys().next().value!);
    if (tokens < 1) throw errors.TooManyRequests({ retryAfterMs: Math.ceil(((1 - tokens) / requestsPerSecond) * 1_000) });
  };
}
