import { execFileSync } from "node:child_process";
import { cp, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { status } from "@galen/sdk";
import type { FaultCase } from "./fault-case.ts";
import type { LabNode } from "./lab-node.ts";
import { blocksIn, caughtUp, requireProgress } from "./watching.ts";

const FAULT_MS = 5_000;
const PATIENCE_MS = 60_000;
/** Room for the node as it is and a little more. */
const SMALL_DISK = "256m";

/** What happens to what nodes keep. */
export const storageFaults: readonly FaultCase[] = [
  {
    name: "a node without the blobs that were committed",
    isShort: true,
    async run({ nodes, reading }) {
      const victim = nodes[2]!;
      await victim.stop();
      await rm(join(victim.folder, "blobs"), { recursive: true });
      const blocksDuring = await blocksIn(nodes.slice(0, 2), FAULT_MS);
      requireProgress(blocksDuring, 1);
      const startAt = performance.now();
      await victim.start();
      // At least a body for each document.
      while ((await status(victim.client)).healing.blobs.repaired < reading.objectIds.length) {
        if (performance.now() - startAt > PATIENCE_MS) throw new Error(`${victim.name} does not get its blobs back from the others`);
        await sleep(100);
      }
      const recoveryMs = Math.round(performance.now() - startAt);
      await caughtUp(nodes);
      return { blocksDuring, recoveryMs, seen: "the node fetches the blobs from the others; `/v1/status` tells how many under `healing`" };
    },
  },
  {
    name: "disk full",
    missing: () => (process.getuid?.() === 0 ? undefined : "root, for a small disk"),
    async run({ nodes }) {
      const victim = nodes[3]!;
      await victim.stop();
      await withSmallDisk(victim, async () => {
        await victim.start();
        const filler = join(victim.folder, "filler");
        await fillDisk(filler);
        const code = await Promise.race([victim.ended(), sleep(PATIENCE_MS).then(() => undefined)]);
        if (code !== 1) throw new Error(`a node with a full disk must end with exit code 1, not with ${code}`);
        requireProgress(await blocksIn(nodes.slice(0, 3), FAULT_MS), 1);
        await rm(filler);
        await victim.start();
        await caughtUp(nodes);
        await victim.stop();
      });
      const blocksDuring = await blocksIn(nodes.slice(0, 3), FAULT_MS);
      await victim.start();
      return {
        blocksDuring,
        recoveryMs: await caughtUp(nodes),
        seen: "the node ends with exit code 1 and says so; with space it starts and catches up",
      };
    },
  },
];

/** Lays a small disk over the folder of a stopped node, with its files on it; afterwards they are back, as the node left them. */
async function withSmallDisk({ folder, isRunning, kill }: LabNode, work: () => Promise<void>): Promise<void> {
  const aside = `${folder}.aside`;
  await cp(folder, aside, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SMALL_DISK}`, "tmpfs", folder]);
  try {
    await cp(aside, folder, { recursive: true });
    await work();
    await rm(aside, { recursive: true });
    await cp(folder, aside, { recursive: true });
  } finally {
    if (isRunning()) await kill();
    execFileSync("umount", [folder]);
  }
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
  await cp(aside, folder, { recursive: true });
  await rm(aside, { recursive: true });
}

const CHUNK = Buffer.alloc(1_048_576, 1);

/** Writes until there is no space. */
async function fillDisk(path: string): Promise<void> {
  const file = await open(path, "w");
  try {
    for (let size = CHUNK.length; size > 0; ) {
      try {
        await file.write(CHUNK.subarray(0, size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        size >>= 1;
      }
    }
  } finally {
    await file.close();
  }
}
