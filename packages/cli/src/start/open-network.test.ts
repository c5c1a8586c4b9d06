import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "@galen/node";
import { startTestNetwork, type TestNetwork } from "@galen/node/testing/test-network";
import { afterAll, beforeAll, expect, it } from "vitest";
import { markTownWallet } from "../session.ts";
import { addFreshKeys, createWallet, TOWN_PASSPHRASE } from "../wallet/wallet.ts";
import { markFounded } from "./founded-mark.ts";
import { openNetwork } from "./open-network.ts";

let network: TestNetwork;
let town: string;
beforeAll(async () => {
  town = await mkdtemp(join(tmpdir(), "galen-town-"));
  network = await startTestNetwork({ custodian: "off" });
  await network.node.stop();
});
afterAll(async () => {
  await network.close();
  await rm(town, { recursive: true });
});

it("a node introduces the people of a town that others found as soon as it is founded, and not before", async () => {
  await markTownWallet(town);
  const { name } = await addFreshKeys(await createWallet(town, TOWN_PASSPHRASE), { name: "Alwen Sampleton", kind: "person" });
  const overrides = { dataFolder: network.folder, httpPort: 0, custodian: "off", logLevel: "silent" } as const;
  const config = await readConfig({ environment: {}, overrides });
  const options = { config, walletFolder: join(town, "none"), founder: undefined, introduced: town, report: () => {} };
  const { node } = await openNetwork(options);
  try {
    const ask = async () => (await fetch(`${node.url}/sample-town`)).json();
    expect(await ask()).toMatchObject({ title: "cli/TownNotFounded" });
    await markFounded(town, "for this test");
    expect(await ask()).toMatchObject({ people: [{ name }] });
  } finally {
    await node.stop();
  }
});
