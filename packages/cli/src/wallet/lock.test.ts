import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { takeLock } from "@galen/node/store/folder-lock";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { withLock } from "./lock.ts";

let wallet: string;
let unlock: () => Promise<void>;
/** The clock's milliseconds, and how many go by each time that it is read. */
const clock = { now: 0, step: 0 };

beforeEach(async () => {
  wallet = await mkdtemp(join(tmpdir(), "galen-lock-"));
  unlock = (await takeLock(join(wallet, "lock")))!;
  vi.spyOn(performance, "now").mockImplementation(() => (clock.now += clock.step));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await unlock();
  await rm(wallet, { recursive: true });
});

it("a wallet that somebody else holds for long is busy, and nothing is done", async () => {
  Object.assign(clock, { now: 0, step: 5_000 });
  const work = vi.fn<() => Promise<void>>();
  await expect(withLock(wallet, work)).rejects.toMatchObject({ kind: { id: "cli/WalletBusy" }, details: { folder: wallet } });
  expect(work).not.toHaveBeenCalled();
});

it("a wallet that somebody else lets go of is waited for", async () => {
  Object.assign(clock, { now: 0, step: 0 });
  const work = vi.fn(async () => "done");
  const waiting = withLock(wallet, work);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(work).not.toHaveBeenCalled();
  await unlock();
  expect(await waiting).toBe("done");
});
