import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { convictions } from "@galen/ledger/block/evidence";
import { validatorAddress } from "@galen/ledger/block/validator";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { nativeCrypto } from "@galen/node/crypto/native";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installCometbft } from "../../scripts/cometbft.ts";
import { expectSoundChain } from "../sound-chain.ts";
import { reach } from "./agreement.ts";
import { type Network, startNetwork } from "./network.ts";
import type { NetworkNode } from "./network-node.ts";
import { openIdentity } from "./node-identity.ts";

const PATIENCE_MS = 200_000;

let network: Network;
let twin: NetworkNode;

describe("a validator's key in two places", () => {
  beforeAll(async () => {
    network = await startNetwork({ program: await installCometbft(), settings: { cometbftEmptyBlockIntervalMs: 100 } });
    await reach(network.nodes, 3);
    const culprit = network.nodes[3]!;
    twin = await network.addNode({ p2pPeers: culprit.config.p2pPeers });
    await mkdir(join(twin.config.dataFolder, "keys"), { recursive: true });
    await cp(join(culprit.config.dataFolder, "keys", "validator.json"), join(twin.config.dataFolder, "keys", "validator.json"));
    await twin.start();
  });
  afterAll(() => network.stop());

  it("votes twice; the evidence gets into a block, which every node stores, verifies and executes again to the same state", async () => {
    const [witness] = network.nodes;
    const { validatorKey } = await openIdentity(twin.config.dataFolder);
    const found = await firstEvidence(witness!);
    const [conviction] = found.evidence.flatMap(convictions);
    expect(conviction!.kind).toBe("duplicateVote");
    expect(conviction!.totalPower).toBe(4 * conviction!.power); // whichever epoch it was in
    expect(bytesToHex(conviction!.address)).toBe(bytesToHex(validatorAddress(validatorKey, nativeCrypto.sha256)));
    await reach(network.nodes.slice(0, 3), found.height + 2);
    await witness!.stop();
    expect(await expectSoundChain(witness!.config.dataFolder)).toBeGreaterThan(found.height);
  });
});

/** The first block of a node that holds evidence. */
async function firstEvidence(node: NetworkNode): Promise<{ readonly height: number; readonly evidence: readonly Uint8Array[] }> {
  const { engine } = node.running!;
  const deadline = Date.now() + PATIENCE_MS;
  for (let height = 1; Date.now() < deadline; ) {
    if (height > engine.status().height) await sleep(100);
    else {
      const { evidence } = engine.block(height)!.evidence;
      if (evidence.length > 0) return { height, evidence };
      height += 1;
    }
  }
  throw new Error("no evidence came into a block");
}
