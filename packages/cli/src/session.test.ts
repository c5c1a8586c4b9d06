import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { foundTown } from "@galen/ledger/testing/actors";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openClient, readPinned } from "./session.ts";

const { chain } = await foundTown();
const said: string[] = [];
let wallet: string;

beforeEach(async () => {
  wallet = await mkdtemp(join(tmpdir(), "galen-session-"));
  said.length = 0;
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  vi.stubGlobal("fetch", async () => Response.json(chain.genesis));
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await rm(wallet, { recursive: true, force: true });
});

it("trusts the founders from when the wallet meets them, however old the chain is, and goes on where they were followed to", async () => {
  const metAt = Date.now();
  const { trust, onTrust } = await openClient({ url: "http://node.test", wallet });
  expect(trust!.seenAt).toBeGreaterThanOrEqual(metAt);
  await onTrust!({ ...trust!, height: 9, seenAt: metAt + 5 });
  expect(await readPinned(wallet)).toMatchObject({ chainId: chain.genesis.chainId, height: 9, seenAt: metAt + 5 });
  expect((await openClient({ url: "http://node.test", wallet })).trust).toMatchObject({ height: 9, seenAt: metAt + 5 });
});

it("reads on, and says so, where the wallet's folder takes nothing", async () => {
  const { trust, onTrust } = await openClient({ url: "http://node.test", wallet });
  await rm(wallet, { recursive: true });
  await onTrust!({ ...trust!, height: 9 });
  expect(said.at(-1)).toMatch(/network\.json could not be written .*grows old\.\n$/);
});
