import { expect, it } from "vitest";
import { createRateLimiter } from "./rate-limit.ts";

it("lets a burst pass, then as many as the rate, for each address apart", () => {
  let now = 0;
  const limit = createRateLimiter({ requestsPerSecond: 2, burst: 3 }, () => now);
  for (let i = 0; i < 3; i++) limit("a");
  expect(() => limit("a")).toThrow("api/TooManyRequests");
  limit("b");
  now += 499;
  expect(() => limit("a")).toThrow("api/TooManyRequests");
  now += 501;
  limit("a");
});

it("says how long to wait", () => {
  const limit = createRateLimiter({ requestsPerSecond: 4, burst: 1 }, () => 0);
  limit("a");
  expect(() => limit("a")).toThrow(expect.objectContaining({ details: { retryAfterMs: 250 } }));
});
