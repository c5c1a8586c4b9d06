import { globSync } from "node:fs";
import type { FaultCase } from "./fault-case.ts";
import { blocksIn, caughtUp, requireProgress } from "./watching.ts";

const FAULT_MS = 10_000;
const LEAST_BLOCKS = 3;
/** More than any tolerance of the API or of consensus. */
const OFFSETS = ["+15m", "-15m"] as const;

const library = globSync("/usr/lib/*/faketime/libfaketime.so.1")[0];

/**
 * What happens to clocks. Only Galen's process gets another clock: CometBFT is a static Go program, into which no library can be loaded. Its own rule,
 * that no block may be ahead of a validator's clock, is not tried here.
 */
export const clockFaults: readonly FaultCase[] = OFFSETS.map((offset) => ({
  name: `Galen's clock of one node at ${offset}`,
  missing: () => (library === undefined ? "libfaketime (e2e/faults/install-tools.sh installs it)" : undefined),
  async run({ nodes }) {
    const victim = nodes[0]!;
    await victim.stop();
    await victim.start({ LD_PRELOAD: library!, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: "1" });
    const blocksDuring = await blocksIn(nodes, FAULT_MS);
    await victim.stop();
    await victim.start();
    requireProgress(blocksDuring, LEAST_BLOCKS);
    return {
      blocksDuring,
      recoveryMs: await caughtUp(nodes),
      seen: "blocks and states are the same everywhere; the node refuses signed requests as too old or too new",
    };
  },
}));
