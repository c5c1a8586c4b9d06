import { accountKeys, ownAccount, submit, webRandom } from "@galen/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chainOf, heightOf, reach } from "./agreement.ts";
import { cometbftProgram, describeWithCometbft } from "./cometbft-program.ts";
import { type Network, startNetwork } from "./network.ts";

let network: Network;

/** Creates a person's account through one node; resolves when it stands in a block there. */
async function createPerson(index: number): Promise<void> {
  const person = await ownAccount(accountKeys(webRandom(64), 0));
  await submit(network.nodes[index]!.client, { actors: [person], messages: [person.creation] });
}

describeWithCometbft("four validators", () => {
  beforeAll(async () => {
    network = await startNetwork({ program: cometbftProgram! });
  });
  afterAll(() => network.stop());

  it("order what any of them was sent, and come to the same chain", async () => {
    await Promise.all([0, 1, 2, 3].flatMap((index) => [createPerson(index), createPerson(index)]));
    const height = await heightOf(network.nodes[0]!);
    await reach(network.nodes, height);
    const chains = await Promise.all(network.nodes.map((node) => chainOf(node, 1, height)));
    expect(new Set(chains).size).toBe(1);
  });

  it("go on without one of them, which catches up when it is back", async () => {
    const [absent, ...others] = network.nodes.toReversed();
    await absent!.stop();
    await createPerson(0);
    await createPerson(1);
    const missed = await heightOf(others[0]!);
    await absent!.start();
    await createPerson(3);
    const height = await heightOf(absent!);
    expect(height).toBeGreaterThan(missed);
    await reach(network.nodes, height);
    const chains = await Promise.all(network.nodes.map((node) => chainOf(node, 1, height)));
    expect(new Set(chains).size).toBe(1);
  });
});
