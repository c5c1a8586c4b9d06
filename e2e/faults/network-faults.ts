import { setTimeout as sleep } from "node:timers/promises";
import type { FaultCase } from "./fault-case.ts";
import type { Lab } from "./lab.ts";
import { missingMeans } from "./places.ts";
import { blocksIn, caughtUp, requireProgress, requireStandstill } from "./watching.ts";

const FAULT_MS = 15_000;
const LEAST_BLOCKS = 3;
/** What was decided before the cut may still arrive. */
const SETTLING_MS = 3_000;

const missing = ({ places }: Lab) => (places.means === undefined ? missingMeans() : undefined);

/** What happens to the links between nodes. */
export const networkFaults: readonly FaultCase[] = [
  {
    name: "one of four isolated, then healed",
    missing,
    async run({ nodes, places }) {
      places.split([3], [0, 1, 2]);
      await sleep(SETTLING_MS);
      const [blocksDuring, alone] = await Promise.all([blocksIn(nodes.slice(0, 3), FAULT_MS), blocksIn([nodes[3]!], FAULT_MS)]);
      places.heal();
      requireProgress(blocksDuring, LEAST_BLOCKS);
      requireStandstill(alone);
      return { blocksDuring, recoveryMs: await caughtUp(nodes), seen: "three go on, the fourth stands still and catches up" };
    },
  },
  {
    name: "split two and two, then healed",
    missing,
    async run({ nodes, places }) {
      places.split([0, 1], [2, 3]);
      await sleep(SETTLING_MS);
      const blocksDuring = await blocksIn(nodes, FAULT_MS);
      places.heal();
      requireStandstill(blocksDuring);
      return { blocksDuring, recoveryMs: await caughtUp(nodes), seen: "no side decides anything; submissions wait or answer 503" };
    },
  },
  {
    name: "slow links that lose 5 % of the packets",
    missing,
    async run({ nodes, places }) {
      for (const index of nodes.keys()) places.impair(index, { lossPercent: 5, delayMs: 80, rateKbit: 800 });
      const blocksDuring = await blocksIn(nodes, FAULT_MS);
      places.heal();
      requireProgress(blocksDuring, LEAST_BLOCKS);
      return { blocksDuring, recoveryMs: await caughtUp(nodes), seen: "longer blocks, no other change" };
    },
  },
];
