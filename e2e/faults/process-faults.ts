import { setTimeout as sleep } from "node:timers/promises";
import type { FaultCase } from "./fault-case.ts";
import { blocksIn, caughtUp, greatestHeight, requireProgress } from "./watching.ts";

const FAULT_MS = 10_000;
const LEAST_BLOCKS = 3;
const RANDOM_KILLS = 8;

/** What happens to processes of the network. */
export const processFaults: readonly FaultCase[] = [
  {
    name: "one of four killed",
    isShort: true,
    async run({ nodes }) {
      const [victim, ...others] = [nodes.at(-1)!, ...nodes.slice(0, -1)];
      await victim.kill();
      const blocksDuring = await blocksIn(others, FAULT_MS);
      requireProgress(blocksDuring, LEAST_BLOCKS);
      await victim.start();
      return { blocksDuring, recoveryMs: await caughtUp(nodes), seen: "the others go on; the killed one catches up after its start" };
    },
  },
  {
    name: "one of four paused",
    async run({ nodes }) {
      const [victim, ...others] = [nodes[0]!, ...nodes.slice(1)];
      await victim.pause();
      const blocksDuring = await blocksIn(others, FAULT_MS);
      victim.resume();
      requireProgress(blocksDuring, LEAST_BLOCKS);
      return { blocksDuring, recoveryMs: await caughtUp(nodes), seen: "the others go on, slower when its turn to propose comes" };
    },
  },
  {
    name: "rolling restart",
    async run({ nodes }) {
      const before = await greatestHeight(nodes);
      for (const node of nodes) {
        const code = await node.stop();
        if (code !== 0) throw new Error(`${node.name} did not stop cleanly: exit code ${code}`);
        await node.start();
        await caughtUp(nodes);
      }
      const blocksDuring = (await greatestHeight(nodes)) - before;
      return { blocksDuring, recoveryMs: await caughtUp(nodes), seen: "no interruption" };
    },
  },
  {
    name: `Galen killed ${RANDOM_KILLS} times, before, during and after commits`,
    async run({ nodes }) {
      const before = await greatestHeight(nodes);
      const victim = nodes[1]!;
      for (let kill = 0; kill < RANDOM_KILLS; kill++) {
        await sleep(37 * kill); // spread over a block's time, the same in every run
        await victim.kill();
        await victim.start();
      }
      const blocksDuring = (await greatestHeight(nodes)) - before;
      requireProgress(blocksDuring, LEAST_BLOCKS);
      return { blocksDuring, recoveryMs: await caughtUp(nodes), seen: "CometBFT replays what the ledger had not committed" };
    },
  },
  {
    name: "all killed at once",
    isShort: true,
    async run({ nodes }) {
      const before = await greatestHeight(nodes);
      await Promise.all(nodes.map((node) => node.kill()));
      await Promise.all(nodes.map((node) => node.start()));
      const recoveryMs = await caughtUp(nodes);
      return {
        blocksDuring: (await greatestHeight(nodes)) - before,
        recoveryMs,
        seen: "as after a power cut: nothing acknowledged is missing",
      };
    },
  },
];
