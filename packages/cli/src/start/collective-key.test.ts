import { releaseKey } from "@galen/ledger/modules/custody/index";
import { startTestNodes } from "@galen/node/testing/test-nodes";
import { expect, it } from "vitest";
import { ensureCollectiveKey } from "./collective-key.ts";

it.each([
  [1, 1],
  [4, 3],
])(
  "lets the custodians of %i nodes make one key that %i of them open",
  async (count, threshold) => {
    const town = await startTestNodes({ count });
    try {
      await ensureCollectiveKey(town.nodes[0]!.client, town.organisations);
      const keySet = releaseKey(town.nodes[0]!.running.ledger.read())!;
      expect(keySet).toMatchObject({ threshold, epoch: 1 });
      expect(keySet.custodians.map(({ account }) => account).toSorted()).toEqual(
        town.nodes.map(({ running }) => running.custodian!.account).toSorted(),
      );
      await ensureCollectiveKey(town.nodes[0]!.client, town.organisations);
      expect(releaseKey(town.nodes[0]!.running.ledger.read())!.epoch).toBe(1);
    } finally {
      await town.close();
    }
  },
  60_000,
);
