import { expect, it } from "vitest";
import { reach } from "./agreement.ts";
import { cometbftProgram, describeWithCometbft } from "./cometbft-program.ts";
import { startNetwork } from "./network.ts";

describeWithCometbft("nodes whose places for strangers are all taken", () => {
  it("connect with each other and make blocks", { timeout: 60_000 }, async () => {
    const environment = { CMT_P2P_MAX_NUM_INBOUND_PEERS: "0" };
    const network = await startNetwork({ program: cometbftProgram!, organisations: 2, environment });
    await reach(network.nodes, 2);
    expect(network.nodes.map(({ running }) => running!.engine.health().state)).toEqual(["running", "running"]);
    await network.stop();
  });
});
