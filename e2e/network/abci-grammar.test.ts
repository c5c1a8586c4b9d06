import { join } from "node:path";
import { imagedHeight } from "@galen/ledger/testing/imaged-height";
import { openLevelStore } from "@galen/node/store/level-store";
import { accountKeys, ownAccount, submit, webRandom } from "@galen/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isLegal, spell } from "./abci-grammar.ts";
import { recordAbci } from "./abci-recorder.ts";
import { heightOf, reach } from "./agreement.ts";
import { cometbftProgram, describeWithCometbft } from "./cometbft-program.ts";
import { type Network, startNetwork } from "./network.ts";
import type { NetworkNode } from "./network-node.ts";

describe("the grammar of calls", () => {
  it.each<[string, string, boolean]>([
    ["a clean start", "iI", true],
    ["heights with one round and with several", "iIprFCrFCprrprFC", true],
    ["a height that is cut off", "iIprFCrF", true],
    ["a recovery with replay", "iFCFCrFC", true],
    ["a recovery that founds again", "iIFC", true],
    ["a beginning from a snapshot", "oooaaaiFC", true],
    ["nothing", "", false],
    ["a start without a handshake", "prFC", false],
    ["a commit without a block", "iIprC", false],
    ["two blocks and one commit", "iIFFC", false],
    ["founding in the middle", "iIFCIFC", false],
    ["a snapshot in the middle", "iIFCoaFC", false],
    ["two proposals made in one round", "iIppFC", true], // of two rounds
  ])("knows %s", (_, calls, legal) => {
    expect(isLegal(calls)).toBe(legal);
  });
});

/** Watched at least. */
const BLOCKS = 6;

let network: Network;

describeWithCometbft("CometBFT and a node", () => {
  beforeAll(async () => {
    network = await startNetwork({ program: cometbftProgram! });
  });
  afterAll(() => network.stop());

  it("keep to the grammar, from a recovery on and while others are away", async () => {
    const [watched, other] = network.nodes;
    await createPerson(other!);
    await watched!.stop();
    const home = join(watched!.config.dataFolder, "cometbft");
    const recorder = await recordAbci(join(home, "recorded.sock"), join(home, "abci.sock"));
    await watched!.start({ CMT_PROXY_APP: recorder.address });
    await createPerson(watched!);
    await network.nodes[3]!.stop();
    await createPerson(other!);
    await reach([watched!], (await heightOf(watched!)) + BLOCKS);
    await watched!.stop();
    await recorder.close();
    expect(await hasImage(watched!)).toBe(true);

    const spelled = spell(recorder.calls);
    expect(spelled.match(/FC/g)!.length).toBeGreaterThanOrEqual(BLOCKS);
    expect(spelled).toContain("r");
    expect(spelled).toSatisfy(isLegal);
    expect(recorder.calls).toContain("checkTx");
  });
});

/** Whether the clean stop left what spares the next start the log of the state tree. */
async function hasImage({ config }: NetworkNode): Promise<boolean> {
  const kv = await openLevelStore(join(config.dataFolder, "ledger"));
  const height = imagedHeight(kv);
  await kv.close();
  return height !== undefined;
}

async function createPerson({ client }: NetworkNode): Promise<void> {
  const person = await ownAccount(accountKeys(webRandom(64), 0));
  await submit(client, { actors: [person], messages: [person.creation] });
}
