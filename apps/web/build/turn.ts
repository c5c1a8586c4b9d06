import { readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 50;
/** What takes longer was given up, and its process id may be another's by now. */
const PATIENCE_MS = 300_000;

/**
 * Of several processes that make the same thing at once, each in a folder NAME.PID beside the others, resolves for one after the other: those whose folder
 * was there first come first. Whoever was killed, or has been at it for five minutes, is passed over.
 */
export async function waitForTurn(own: string): Promise<void> {
  const name = basename(own, extname(own));
  while (readdirSync(dirname(own)).some((other) => isOf(name, other) && isBefore(join(dirname(own), other), own))) await sleep(POLL_MS);
}

function isOf(name: string, other: string): boolean {
  return other.startsWith(`${name}.`) && isAlive(processOf(other));
}

function isBefore(other: string, own: string): boolean {
  const stats = statSync(other, { throwIfNoEntry: false });
  if (stats === undefined || other === own || Date.now() - stats.birthtimeMs > PATIENCE_MS) return false;
  const since = stats.birthtimeMs - statSync(own).birthtimeMs;
  return since < 0 || (since === 0 && processOf(other) < processOf(own));
}

function processOf(folder: string): number {
  return Number(extname(folder).slice(1));
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // another user's
  }
}
