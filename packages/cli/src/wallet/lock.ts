import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { takeLock } from "@galen/node/store/folder-lock";
import { errors } from "../errors.ts";

const FOLDER = "lock";
/** An entry is written in milliseconds, a new wallet in a second or two: who holds the lock longer does not go on. */
const PATIENCE_MS = 20_000;
const RETRY_MS = 10;

/** Does something while no other process writes into the wallet of this folder. Throws Refusal cli/WalletBusy. */
export async function withLock<T>(wallet: string, work: () => Promise<T>): Promise<T> {
  const unlock = await waitForLock(wallet);
  try {
    return await work();
  } finally {
    await unlock();
  }
}

async function waitForLock(wallet: string): Promise<() => Promise<void>> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (performance.now() < giveUpAt) {
    const unlock = await takeLock(join(wallet, FOLDER));
    if (unlock) return unlock;
    await pause(RETRY_MS);
  }
  throw errors.WalletBusy({ folder: wallet });
}
