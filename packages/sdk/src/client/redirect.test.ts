import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createRpcProvider } from "../light/rpc-provider.ts";
import { createClient } from "./client.ts";
import { requestBytes, sendRequest } from "./send-request.ts";

const servers: Server[] = [];
let reached: string[] = [];
let asked = 0;
let url: string;

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A node that sends its clients to a service which only they can reach. */
beforeAll(async () => {
  const inner = await listen(({ method, url: path }, answer) => {
    reached.push(`${method} ${path}`);
    answer.end("{}");
  });
  url = await listen((_, answer) => {
    asked += 1;
    answer.writeHead(307, { location: `${inner}/admin/restart` }).end();
  });
});
beforeEach(() => {
  reached = [];
  asked = 0;
});
afterAll(() => {
  for (const server of servers) server.close();
});

it.each(["GET", "POST"] as const)("sends a %s nowhere else, and says at once that this is no answer of a node", async (method) => {
  const client = createClient({ url, chainId: "test" });
  const request = { method, path: "/v1/blobs", ...(method === "POST" ? { body: new Uint8Array(10) } : {}) };
  await expect(requestBytes(client, request)).rejects.toMatchObject({ id: "client/UnexpectedAnswer", details: { status: 307 } });
  await expect(sendRequest(client, request)).rejects.toMatchObject({ id: "client/UnexpectedAnswer" });
  expect({ asked, reached }).toEqual({ asked: 2, reached: [] });
});

it("does not take a header from where a witness sends it", async () => {
  const provider = createRpcProvider({ url, sha256: portableCrypto.sha256 });
  await expect(provider.signedHeader(1)).rejects.toThrow("fetch failed");
  expect({ asked, reached }).toEqual({ asked: 1, reached: [] });
});
