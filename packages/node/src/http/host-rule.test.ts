import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";
import { isLoopback, namesThisMachine } from "./host-rule.ts";

const settings = {
  publicUrl: "https://galen.hospital.example",
  webOrigins: ["https://wallet.example:8443"],
  peers: ["http://galen.clinic.example:9"],
};

/** What a page gets that is asked for at 127.0.0.1 by this name. */
async function ask(
  network: TestNetwork,
  host: string,
  { path = "/v1/status", method = "GET" } = {},
): Promise<{ status: number; text: string }> {
  const { port } = new URL(network.node.url);
  const [answer] = (await once(request({ host: "127.0.0.1", port, path, method, headers: { host } }).end(), "response")) as [
    IncomingMessage,
  ];
  return { status: answer.statusCode!, text: await text(answer) };
}

describe("a node on a loopback address", () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await startTestNetwork(settings);
  });
  afterAll(() => network.close());

  it.each([
    ["this machine", "localhost:8080"],
    ["a name below it", "Galen.LocalHost"],
    ["an address", "127.0.0.1:8080"],
    ["an address of IPv6", "[::1]:8080"],
    ["an address elsewhere, by which a proxy was asked", "192.0.2.7"],
    ["where clients reach it", "galen.hospital.example"],
    ["where a wallet is", "wallet.example"],
    ["another node", "galen.clinic.example:443"],
  ])("answers to %s: %s", async (_, host) => {
    expect((await ask(network, host)).status).toBe(200);
  });

  it.each([
    "evil.example:8080",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil@127.0.0.1",
    "galen.hospital.example.evil.example",
  ])("refuses a page that has pointed its own name here: %s", async (host) => {
    for (const path of ["/v1/status", "/v1/query/governance.members", "/metrics", "/rpc/status", "/", "/nothing"]) {
      const answer = await ask(network, host, { path });
      expect([path, answer.status]).toEqual([path, 421]);
      expect(answer.text).toContain("api/UnknownHost");
    }
    expect((await ask(network, host, { path: "/v1/transactions", method: "POST" })).status).toBe(421);
  });
});

it("a node that others reach answers by whatever name they know", async () => {
  const network = await startTestNetwork({ httpHost: "0.0.0.0" });
  expect((await ask(network, "galen.hospital.example")).status).toBe(200);
  await network.close();
});

it.each([
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["localhost", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.168.0.7", false],
  ["node.example", false],
])("knows an address that is this machine's alone: %s", (host, isOwn) => {
  expect(isLoopback(host)).toBe(isOwn);
  expect(namesThisMachine(host.includes(":") ? `[${host}]` : host)).toBe(isOwn);
});
