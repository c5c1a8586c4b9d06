import { expect, it } from "vitest";
import type { PreparedTransaction } from "../tx/prepare.ts";
import { createTransactionCache, VERIFIED } from "./transaction-cache.ts";

const prepared = (length: number) => ({ bytes: new Uint8Array(length) }) as PreparedTransaction;

it("remembers the latest transactions and never more than two halves, whatever arrives", () => {
  const cache = createTransactionCache(100);
  const all = Array.from({ length: 50 }, () => cache.add(prepared(10)));
  const kept = all.filter((one) => cache.get(one.bytes) === one);
  expect(kept.length).toBeGreaterThanOrEqual(10);
  expect(kept.length).toBeLessThanOrEqual(20);
  expect(kept).toEqual(all.slice(-kept.length));
});

it("has room again for what it forgot, young or old", () => {
  const cache = createTransactionCache(100);
  const [oldest, ...others] = Array.from({ length: 11 }, () => cache.add(prepared(10)));
  for (const one of [oldest!, others.at(-1)!]) cache.forget(one.bytes);
  const more = Array.from({ length: 10 }, () => cache.add(prepared(10)));
  expect(cache.get(oldest!.bytes)).toBeUndefined();
  expect([...others.slice(0, -1), ...more].every((one) => cache.get(one.bytes) === one)).toBe(true);
});

it("keeps of one that has executed only that it was verified, young or old, and nothing of one that it does not know", () => {
  const cache = createTransactionCache(100);
  const [oldest, ...others] = Array.from({ length: 11 }, () => cache.add(prepared(10)));
  const known = [oldest!.bytes, others.at(-1)!.bytes];
  const unknown = new Uint8Array(10);
  for (const bytes of [...known, unknown]) cache.reduce(bytes);
  expect(known.map((bytes) => cache.get(bytes))).toEqual([VERIFIED, VERIFIED]);
  expect(cache.get(unknown)).toBeUndefined();
  for (const bytes of known) cache.forget(bytes);
  expect(known.map((bytes) => cache.get(bytes))).toEqual([undefined, undefined]);
});

it("knows arrays, not contents, and forgets on demand", () => {
  const cache = createTransactionCache();
  const one = cache.add(prepared(10));
  expect(cache.get(one.bytes.slice())).toBeUndefined();
  cache.clear();
  expect(cache.get(one.bytes)).toBeUndefined();
});
