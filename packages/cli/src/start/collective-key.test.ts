import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { releaseKey } from "@galen/ledger/modules/custody/index";
import { nativeCrypto } from "@galen/node/crypto/native";
import { startTestNodes } from "@galen/node/testing/test-nodes";
import { createClient } from "@galen/sdk/client/client";
import { expect, it, vi } from "vitest";
import { custodiansAt, ensureCollectiveKey } from "./collective-key.ts";

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

it("takes no custodian of another network that answers at a node's address, and names both", async () => {
  const foreign = createServer((_, answer) => answer.end(JSON.stringify({ chainId: "left-over-1", height: 7 }))).listen(0, "127.0.0.1");
  await once(foreign, "listening");
  const url = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}`;
  const trust = { chainId: "ours-1", validatorsHash: "ab".repeat(32) };
  await expect(custodiansAt([createClient({ url, trust, crypto: nativeCrypto })])).rejects.toMatchObject({
    kind: { id: "cli/OtherNode" },
    details: { url, network: "ours-1", node: "left-over-1" },
  });
  foreign.closeAllConnections();
  foreign.close();
});

it("gives up when the custodians do not make the key, and says what was the last obstacle", async () => {
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  const refuse = (id: string, status: number) => Response.json({ title: id, status, detail: "not yet" }, { status });
  const fetch: typeof globalThis.fetch = async (input) => {
    const { pathname } = new URL(new Request(input).url);
    if (pathname.startsWith("/v1/query/"))
      return refuse(pathname.endsWith("custody.key") ? "custody/NoKey" : "custody/UnknownCeremony", 404);
    if (pathname === "/v1/peers") return Response.json({ key: "ab".repeat(32), height: 1, custodian: { index: null }, peers: [] });
    now = 120_000;
    return refuse("api/NoCustodian", 404);
  };
  const waiting = ensureCollectiveKey(createClient({ url: "http://node.test", fetch, crypto: nativeCrypto }), []);
  await expect(waiting).rejects.toMatchObject({
    kind: { id: "cli/NoCollectiveKey" },
    details: { last: expect.stringContaining("api/NoCustodian") as string },
  });
  clock.mockRestore();
});
