import { setTimeout as sleep } from "node:timers/promises";
import type { LabNode } from "./lab-node.ts";

const POLL_MS = 100;
const PATIENCE_MS = 90_000;

/** The greatest height that one of the nodes shows. */
export async function greatestHeight(nodes: readonly LabNode[]): Promise<number> {
  const heights = await Promise.all(nodes.map((node) => node.height()));
  return Math.max(0, ...heights.map((height) => height ?? 0));
}

/** Lets time pass and tells how many blocks were made in it. */
export async function blocksIn(nodes: readonly LabNode[], durationMs: number): Promise<number> {
  const before = await greatestHeight(nodes);
  await sleep(durationMs);
  return (await greatestHeight(nodes)) - before;
}

/** Resolves when all nodes have reached the height that the others have now, and one more; with the time that took. */
export async function caughtUp(nodes: readonly LabNode[]): Promise<number> {
  const startAt = performance.now();
  const target = (await greatestHeight(nodes)) + 1;
  for (const node of nodes) {
    while (((await node.height()) ?? 0) < target) {
      if (performance.now() - startAt > PATIENCE_MS)
        throw new Error(`${node.name} is at ${await node.height()} and does not reach ${target}`);
      await sleep(POLL_MS);
    }
  }
  return Math.round(performance.now() - startAt);
}

/** Throws Error unless at least so many blocks were made. */
export function requireProgress(blocks: number, least: number): void {
  if (blocks < least) throw new Error(`the network made ${blocks} blocks where it had to make at least ${least}`);
}

/** Blocks that were under way may still come; after them none may. */
export function requireStandstill(blocks: number): void {
  if (blocks > 0) throw new Error(`${blocks} blocks were made without more than two thirds of the power`);
}
