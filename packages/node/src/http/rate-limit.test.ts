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
  let now = 0;
  const limit = createRateLimiter({ requestsPerSecond: 4, burst: 1 }, () => now);
  limit("a");
  expect(() => limit("a")).toThrow(expect.objectContaining({ details: { retryAfterMs: 250 } }));
  now += 100;
  expect(() => limit("a")).toThrow(expect.objectContaining({ details: { retryAfterMs: 150 } }));
});

it("remembers ten thousand addresses, and forgets the one that was quiet longest", () => {
  const limit = createRateLimiter({ requestsPerSecond: 1, burst: 1 }, () => 0);
  for (let i = 0; i < 10_000; i++) limit(`${i}`);
  expect(() => limit("0")).toThrow("api/TooManyRequests");
  limit("another");
  limit("1");
  expect(() => limit("0")).toThrow("api/TooManyRequests");
});
