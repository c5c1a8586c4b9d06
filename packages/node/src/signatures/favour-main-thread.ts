import { existsSync, readdirSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

/** So much less (nice) that the main thread rarely waits for a core, and enough that what the others do is not put off. */
const LESS = 5;
const THREADS = "/proc/self/task";

/**
 * Gives the other threads of this process, and those that they start, a lower priority than its main thread, which executes and on which everything waits:
 * they verify signatures and merge LevelDB's tables, and on two cores the main thread waited for a core for a fifth of its time. Only Linux knows
 * priorities of threads; elsewhere, and where a sandbox forbids it, this does nothing.
 */
export function favourMainThread(): void {
  if (!existsSync(THREADS)) return;
  const priority = Math.min(19, getPriority(process.pid) + LESS);
  for (const thread of readdirSync(THREADS).map(Number)) {
    if (thread !== process.pid) lower(thread, priority);
  }
}

function lower(thread: number, priority: number): void {
  try {
    setPriority(thread, priority);
  } catch (error) {
    if (!isHarmless(error)) throw error;
  }
}

/** The thread has ended since the listing, or the process may not do this. */
function isHarmless(error: unknown): boolean {
  const { code } = (error as { readonly info?: { readonly code?: string } }).info ?? {};
  return code === "ESRCH" || code === "EACCES" || code === "EPERM";
}
