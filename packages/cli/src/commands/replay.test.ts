import { join } from "node:path";
import { Header } from "@galen/ledger/block/header";
import { openLevelStore } from "@galen/node/store/level-store";
import { startTestNetwork, type TestNetwork } from "@galen/node/testing/test-network";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createProgram } from "../program.ts";

let network: TestNetwork;
beforeAll(async () => {
  network = await startTestNetwork({ custodian: "off" });
  for (const name of ["one", "two"]) await network.person(name);
  await network.node.stop();
});
afterAll(() => network.close());

/** What `galen replay` answers. */
async function replay(): Promise<unknown> {
  const told = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await (await createProgram(["replay"])).parseAsync(["replay", "--data", network.folder, "--json"], { from: "user" });
  const text = told.mock.calls.map(([chunk]) => String(chunk)).join("");
  told.mockRestore();
  process.exitCode = undefined;
  return JSON.parse(text);
}

/** Lets the newest header say that another state came before it. Gives the height of that state. */
async function alterNewestHeader(): Promise<number> {
  const kv = await openLevelStore(join(network.folder, "ledger"));
  for await (const [key, bytes] of kv.range({ gte: Buffer.from("bh"), lt: Buffer.from("bi"), reverse: true, limit: 1 })) {
    const header = Header.decode(bytes);
    await kv.write([{ key, value: Header.encode({ ...header, appHash: new Uint8Array(32) }) }]);
    await kv.close();
    return header.height - 1;
  }
  throw new Error("the chain has no block");
}

it("comes to the state that the chain says, and names the height where it does not", async () => {
  expect(await replay()).toMatchObject({ equal: true });
  const height = await alterNewestHeader();
  expect(await replay()).toMatchObject({ error: { id: "cli/ReplayDiffers", details: { height } } });
});
