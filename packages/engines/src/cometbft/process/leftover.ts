import { readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { CometHome } from "./home.ts";

const PAUSE_MS = 50;
/** CometBFT ends by itself when its application is gone; it gets so long before it is ended. */
const PATIENCE_MS = 10_000;

/**
 * Waits for the CometBFT that an earlier Galen process left on this home: two on one home would vote with one key. It ends by itself once its
 * application is gone, and is killed if it does not.
 */
export async function endLeftover(home: CometHome): Promise<void> {
  const processId = await readProcessId(home);
  if (processId === undefined) return;
  for (let waitedMs = 0; await isCometOf(home, processId); waitedMs += PAUSE_MS) {
    if (waitedMs >= PATIENCE_MS) end(processId);
    await sleep(PAUSE_MS);
  }
  await rm(home.processId, { force: true });
}

function end(processId: number): void {
  try {
    process.kill(processId, "SIGKILL");
  } catch (error) {
    // It has ended since it was looked at.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function readProcessId(home: CometHome): Promise<number | undefined> {
  const text = await readFile(home.processId, "utf8").catch(() => "{}");
  const digits = /"processId":([1-9][0-9]{0,9})/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Whether the process lives and is the one that was started on this home: its number may be another program's by now. */
async function isCometOf({ root }: CometHome, processId: number): Promise<boolean> {
  try {
    process.kill(processId, 0);
    const command = await readFile(`/proc/${processId}/cmdline`, "utf8");
    return command.split("\0").includes(root);
  } catch {
    return false; // gone, or of somebody else
  }
}
