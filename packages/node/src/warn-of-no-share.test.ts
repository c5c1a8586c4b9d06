import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createLogger } from "./logger.ts";
import { startTestNetwork, type TestNetwork } from "./testing/test-network.ts";

const NO_SHARE = expect.stringMatching(/holds no share .*keys\/custodian-state\.json back/);
const logger = createLogger("silent");
const told = vi.spyOn(logger, "warn");
let network: TestNetwork;
beforeAll(async () => {
  network = await startTestNetwork({}, { logger });
});
afterAll(() => network.close());

async function restartWithout(...names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(network.folder, "keys", name));
  await network.restart();
  await network.node.custodian!.settled();
}

it("says nothing before there is a key, nor of a custodian that has its share", async () => {
  await network.makeKey();
  await restartWithout();
  expect(told.mock.calls).toEqual([]);
});

it("says it at the start when the share is gone, whatever became of the account", async () => {
  await restartWithout("custodian-state.json");
  expect(told.mock.calls).toEqual([[{ epoch: 1, threshold: 1 }, NO_SHARE]]);
  await restartWithout("custodian-state.json", "custodian.json");
  expect(told.mock.calls).toEqual(Array.from({ length: 2 }, () => [{ epoch: 1, threshold: 1 }, NO_SHARE]));
});
