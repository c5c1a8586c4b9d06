import { expect, it, onTestFinished } from "vitest";
import { startTestNetwork } from "../testing/test-network.ts";
import { clientNetwork } from "./client-network.ts";
import { defineRoute } from "./route.ts";

it.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::FFFF:c000:201", "192.0.2.1"],
  ["0:0:0:0:0:ffff:192.0.2.255", "192.0.2.255"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
  ["2001:db8:1:3::1", "2001:db8:1:3::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:db8::7:1:2:3:4", "2001:db8:0:7::/64"],
  ["1::2:3:4:5:192.0.2.1", "1:0:2:3::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["::1:ffff:192.0.2.1", "0:0:0:0::/64"],
  ["unknown", "unknown"],
  ["", ""],
])("counts %s by %s", (address, network) => {
  expect(clientNetwork(address)).toBe(network);
});

it("is what a node counts requests by, and hands to its routes", async () => {
  const own = defineRoute({
    ...{ method: "GET", path: "/own", summary: "The caller's network.", answers: { 200: "network" } },
    handle: (_backend, { address }) => ({ body: { address } }),
  });
  const startedAt = Date.now();
  const limits = { requestsPerSecond: 1, requestBurst: 1 };
  const network = await startTestNetwork({ trustedProxy: "127.0.0.1", ...limits }, { extraRoutes: [own], clock: () => startedAt });
  onTestFinished(() => network.close());
  const ask = (address: string) => fetch(`${network.node.url}/own`, { headers: { "x-forwarded-for": address } });
  expect(await (await ask("2001:db8::1")).json()).toEqual({ address: "2001:db8:0:0::/64" });
  expect((await ask("2001:db8::2")).status).toBe(429);
  expect((await ask("2001:db8:0:1::2")).status).toBe(200);
});
