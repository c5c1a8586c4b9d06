import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import type { ExecutedTx } from "../chain/chain-store.ts";
import { type PendingTx, waitForPending } from "./pending.ts";

const pending = () => ({ txHash: "ab", waiters: new Set() }) as unknown as PendingTx;
const executed = { height: 7 } as unknown as ExecutedTx;

it("who has given up, or was told, is waited with no more", async () => {
  const tx = pending();
  const client = new AbortController();
  const [hasty, patient, leaving] = [{ timeoutMs: 1 }, { timeoutMs: 60_000, signal: client.signal }, { signal: client.signal }].map(
    (limits) => waitForPending(tx, limits),
  );
  await expect(hasty).rejects.toMatchObject({ kind: { id: "engine/StillPending" } });
  expect([tx.waiters.size, getEventListeners(client.signal, "abort").length]).toEqual([2, 2]);
  for (const waiter of [...tx.waiters].slice(0, 1)) waiter.resolve(executed);
  expect(await patient).toBe(executed);
  expect([tx.waiters.size, getEventListeners(client.signal, "abort").length]).toEqual([1, 1]);
  client.abort();
  await expect(leaving).rejects.toMatchObject({ kind: { id: "engine/StillPending" } });
  expect([tx.waiters.size, getEventListeners(client.signal, "abort").length]).toEqual([0, 0]);
});

it("who comes with a signal that was given before does not wait", async () => {
  const tx = pending();
  await expect(waitForPending(tx, { signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: { id: "engine/StillPending" } });
  expect(tx.waiters.size).toBe(0);
});
