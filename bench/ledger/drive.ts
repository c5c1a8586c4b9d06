import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "@galen/engines/engine";

/** Well below the pool of 10,000, so that nothing is refused for want of room, and enough that no block starts half full. */
const IN_FLIGHT = 4_000;

/** What a saturated run cost. */
export interface Throughput {
  readonly perSecond: number;
  /** Microseconds of processor time per transaction: of the executing thread, and of the whole process with verification, disk and collector. */
  readonly executingUs: number;
  readonly processUs: number;
}

/** Submits all of `payments`, as many at once as the pool takes, and waits until each is durable. Throws Error on a refusal. */
export async function saturate(engine: Engine, payments: readonly Uint8Array[]): Promise<Throughput> {
  const begin = { at: performance.now(), thread: process.threadCpuUsage(), process: process.cpuUsage() };
  let next = 0;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (next < payments.length) await pay(engine, payments[next++]!);
    }),
  );
  const elapsedMs = performance.now() - begin.at;
  return {
    perSecond: (payments.length / elapsedMs) * 1_000,
    executingUs: total(process.threadCpuUsage(begin.thread)) / payments.length,
    processUs: total(process.cpuUsage(begin.process)) / payments.length,
  };
}

/**
 * Submits one payment after the other at a steady rate, whether or not those before have been answered, and gives the time from when each was
 * due to when it was durable, in milliseconds. A late submission counts as waiting: nothing is left out when the engine is slow.
 */
export async function confirmationsMs(engine: Engine, payments: readonly Uint8Array[], perSecond: number): Promise<number[]> {
  const start = performance.now();
  const answers: Promise<number>[] = [];
  while (answers.length < payments.length) {
    const due = Math.min(payments.length, Math.floor(((performance.now() - start) / 1_000) * perSecond));
    while (answers.length < due) {
      const dueAt = start + (answers.length / perSecond) * 1_000;
      answers.push(pay(engine, payments[answers.length]!).then(() => performance.now() - dueAt));
    }
    await sleep(1);
  }
  return Promise.all(answers);
}

async function pay(engine: Engine, payment: Uint8Array): Promise<void> {
  const { result } = await engine.submitAndWait(payment);
  if (result.code !== 0) throw new Error(`a payment was refused: ${result.refusal?.id}`);
}

function total({ user, system }: { user: number; system: number }): number {
  return user + system;
}
