import { join } from "node:path";
import { expect } from "vitest";
import { runGalen } from "../galen-process.ts";
import type { Stage } from "./stage.ts";

/** For wallets in the browser and for key files. */
export const PASSPHRASE = "a few words in a row";

/** Runs a verb of the command line in the town's wallet. */
export function run({ network, dataFolder, environment }: Stage, ...args: readonly string[]): ReturnType<typeof runGalen> {
  const own = { GALEN_URL: network.url, GALEN_WALLET: join(dataFolder, "wallet"), GALEN_FILE_PASSPHRASE: PASSPHRASE };
  return runGalen([...args, "--json"], { ...environment, ...own });
}

/** Runs a verb that succeeds, and gives what it printed. */
export async function answer<T>(stage: Stage, ...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await run(stage, ...args);
  expect(code, stdout + stderr).toBe(0);
  return JSON.parse(stdout) as T;
}
