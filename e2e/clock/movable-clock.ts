import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GalenNetwork } from "../galen-process.ts";

/** The clock of `galen` processes, which a story puts ahead where a person would wait for days. */
export interface MovableClock {
  /** For processes that shall go by this clock. */
  readonly environment: Readonly<Record<string, string>>;
  /** Puts the clock of a running network ahead of the true time by so many milliseconds, and that of every command from now on. */
  setAhead(network: GalenNetwork, aheadMs: number): Promise<void>;
}

const PRELOADED = fileURLToPath(new URL("ahead.ts", import.meta.url));

/** A clock that tells the true time at first. `folder` exists. */
export async function createMovableClock(folder: string): Promise<MovableClock> {
  const file = join(folder, "clock");
  await writeFile(file, "0");
  return {
    environment: { GALEN_TEST_CLOCK: file, NODE_OPTIONS: `--import=${PRELOADED}` },
    async setAhead(network, aheadMs) {
      await writeFile(file, String(aheadMs));
      network.process.kill("SIGUSR2");
    },
  };
}
