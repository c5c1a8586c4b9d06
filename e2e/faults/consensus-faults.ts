import { execFile } from "node:child_process";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { changeConfig } from "@galen/cli/network/node-config";
import type { NodeStatus } from "@galen/ledger/modules/validators/schema";
import { query } from "@galen/sdk";
import type { FaultCase } from "./fault-case.ts";
import type { Lab } from "./lab.ts";
import { createLabNode, type LabNode } from "./lab-node.ts";
import { missingMeans } from "./places.ts";
import { blocksIn, caughtUp, greatestHeight } from "./watching.ts";

const JAIL_PATIENCE_MS = 150_000;
const VITEST = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");
const REPOSITORY = join(import.meta.dirname, "../..");

/** What happens to consensus itself. The last one takes the power from an organisation for good. */
export const consensusFaults: readonly FaultCase[] = [
  {
    name: "every fail point of CometBFT, kills at any moment, joining",
    async run({ nodes }) {
      // Networks of their own: e2e/**/*.long.ts.
      const before = await greatestHeight(nodes);
      await promisify(execFile)(process.execPath, [VITEST, "run", "--config", "vitest.network.config.ts"], { cwd: REPOSITORY });
      return {
        blocksDuring: (await greatestHeight(nodes)) - before,
        recoveryMs: await caughtUp(nodes),
        seen: "each start goes on where the ledger stood",
      };
    },
  },
  {
    name: "one validator's key in two machines",
    missing: ({ places }) => (places.means === undefined ? missingMeans() : undefined),
    async run(lab) {
      const original = lab.nodes[3]!;
      const twin = await startTwin(lab, original);
      try {
        const startAt = performance.now();
        while (!(await isJailed(lab, original))) {
          if (performance.now() - startAt > JAIL_PATIENCE_MS) throw new Error("the double votes have not been punished");
          await sleep(500);
        }
      } finally {
        await twin.kill();
        lab.places.heal();
      }
      // The power goes with the next epoch, and counts two blocks later.
      const blocksDuring = await blocksIn(lab.nodes, EPOCH_MS);
      const recoveryMs = await caughtUp(lab.nodes);
      return {
        blocksDuring,
        recoveryMs,
        powerless: [original.validatorKey],
        seen: "evidence in a block; the organisation is jailed and loses its power",
      };
    },
  },
];

/** More than an epoch of the lab. */
const EPOCH_MS = 15_000;

/** Runs a copy of a validator, with another node key, where the original and the copy do not see each other. */
async function startTwin({ folder, places, trust, nodes }: Lab, original: LabNode): Promise<LabNode> {
  const index = nodes.indexOf(original);
  const place = places.list.at(-1)!;
  const path = join(folder, "twin");
  await original.stop();
  await cp(original.folder, path, { recursive: true });
  await rm(join(path, "keys", "node.json"));
  await changeConfig(path, { httpHost: place.address, p2pHost: place.address, custodian: "off" });
  const url = original.url.replace(original.place.address, place.address);
  const twin = createLabNode({ name: `${original.name}, twin`, folder: path, url, place, validatorKey: original.validatorKey, trust });
  places.split([index], [places.list.length - 1]);
  await Promise.all([original.start(), twin.start()]);
  return twin;
}

async function isJailed({ nodes }: Lab, { validatorKey }: LabNode): Promise<boolean> {
  const { result } = await query<{ readonly nodes: readonly NodeStatus[] }>(nodes[0]!.client, "validators.nodes");
  return result.nodes.some(({ node }) => node.publicKey === validatorKey && node.jail !== undefined);
}
