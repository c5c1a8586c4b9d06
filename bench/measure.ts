import { readFileSync } from "node:fs";

/** One figure of the benchmark. Ratios hold between machines, absolute figures do not: where a limit or peer exists, it is measured in the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What bounds `value`, measured in this run, in the same unit. */
  readonly limit?: { readonly name: string; readonly value: number };
  /** The goal of docs/performance.md, in words. */
  readonly goal?: string;
  /** Whether the goal was met in this run. */
  readonly met?: boolean;
  readonly note?: string;
}

/** Times `work` once, in milliseconds. */
export async function timeMs(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Runs `work` `runs` times after one warm-up and gives the median of its times in milliseconds. */
export async function medianMs(runs: number, work: () => unknown): Promise<number> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push(await timeMs(work));
  return quantile(times, 0.5);
}

/** The q-quantile (0 to 1) of some figures, nearest rank. */
export function quantile(figures: readonly number[], q: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}

/** Resident memory of this process in MB (10^6 bytes). */
export function residentMb(): number {
  return process.memoryUsage().rss / 1e6;
}

/** The part of it that are mapped files, which the system takes back when it needs room: LevelDB's tables and the program. 0 where that is not told. */
export function mappedMb(): number {
  const status = process.platform === "linux" ? readFileSync("/proc/self/status", "utf8") : "";
  return (Number(/^RssFile:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024) / 1e6;
}
