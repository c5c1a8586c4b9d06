import { join } from "node:path";
import { expect } from "vitest";
import { runGalen } from "../galen-process.ts";
import type { Stage } from "./stage.ts";

/** For wallets in the browser and for key files. */
export const PASSPHRASE = "a few words in a row";

/** Runs a verb of the command line in the town's wallet, and gives what it printed. */
export async function answer<T>({ network, dataFolder, environment }: Stage, ...args: readonly string[]): Promise<T> {
  const own = { GALEN_URL: network.url, GALEN_WALLET: join(dataFolder, "wallet"), GALEN_FILE_PASSPHRASE: PASSPHRASE };
  const { code, stdout, stderr } = await runGalen([...args, "--json"], { ...environment, ...own });
  expect(code, stdout + stderr).toBe(0);
  return JSON.parse(stdout) as T;
}
