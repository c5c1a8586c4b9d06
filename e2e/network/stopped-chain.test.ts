import { join } from "node:path";
import { openChainStore } from "@galen/engines";
import { openLedger } from "@galen/ledger/app/ledger";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { nativeCrypto as crypto } from "@galen/node/crypto/native";
import { openLevelStore } from "@galen/node/store/level-store";
import { accountKeys, ownAccount, submit, webRandom } from "@galen/sdk";
import { expect, it } from "vitest";
import { expectSoundChain } from "../sound-chain.ts";
import { cometbftProgram, describeWithCometbft } from "./cometbft-program.ts";
import { startNetwork } from "./network.ts";

const STOPS = 4;

describeWithCometbft("a node that was stopped", () => {
  it("holds the blocks of all that it has executed", { timeout: 120_000 }, async () => {
    const settings = { cometbftRetainBlocks: 3, snapshotIntervalBlocks: 0, cometbftEmptyBlockIntervalMs: 100 };
    const network = await startNetwork({ program: cometbftProgram!, organisations: 1, settings });
    const [node] = network.nodes;
    const dataFolder = join(network.folder, "node-0");
    for (let stop = 0; stop < STOPS; stop++) {
      const person = await ownAccount(accountKeys(webRandom(64), 0));
      await submit(node!.client, { actors: [person], messages: [person.creation] });
      await node!.stop();
      const kv = await openLevelStore(join(dataFolder, "ledger"));
      const { height } = await openLedger({ kv, crypto, versions: ledgerVersions, genesis: network.genesis });
      expect((await openChainStore(kv, ledgerVersions).bounds())?.latest).toBe(height);
      await kv.close();
      await node!.start();
    }
    const height = await lastHeight(`${node!.url}/rpc/status`);
    expect(height).toBeGreaterThan(STOPS);
    await node!.stop();
    expect(await expectSoundChain(dataFolder)).toBeGreaterThanOrEqual(height);
    await network.stop();
  });
});

async function lastHeight(url: string): Promise<number> {
  const answer = await fetch(url);
  const { result } = (await answer.json()) as { result: { sync_info: { latest_block_height: string } } };
  return Number(result.sync_info.latest_block_height);
}
