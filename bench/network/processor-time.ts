import { readFile } from "node:fs/promises";

/** Ticks per second in which Linux tells processor time to programs, on every architecture that Node runs on (USER_HZ). */
const TICKS_PER_SECOND = 100;
// proc_pid_stat(5): fields 14 and 15, counted from field 3, which follows the name in parentheses.
const [USER, SYSTEM] = [11, 12];

/** Processor time in microseconds that some processes have used so far, with all their threads. Linux only. */
export async function processorTimeUs(processIds: readonly number[]): Promise<number> {
  const ticks = await Promise.all(processIds.map(ticksOf));
  return (ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND) * 1e6;
}

async function ticksOf(processId: number): Promise<number> {
  const stat = await readFile(`/proc/${processId}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[USER]) + Number(fields[SYSTEM]);
}
