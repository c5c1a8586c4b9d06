import { expect, it } from "vitest";
import { createClient } from "./client.ts";
import { custodianNodes } from "./custodian-nodes.ts";

/** The addresses at which a reader asks for shares where its node, which has a custodian, tells of another one at `url`. */
async function askedAt(url: string): Promise<readonly string[]> {
  const peer = { url, key: "ab".repeat(32), isReachable: true, height: 1, lag: 0, custodian: { index: 2 } };
  const answer = { key: "cd".repeat(32), height: 1, custodian: { index: 1 }, peers: [peer] };
  const client = createClient({ url: "http://node.test", fetch: async () => Response.json(answer) });
  return (await custodianNodes(client)).map((node) => node.url);
}

it.each([
  ["https://galen.clinic.example", "https://galen.clinic.example"],
  ["https://galen.clinic.example/", "https://galen.clinic.example"],
  ["http://127.0.0.1:8081", "http://127.0.0.1:8081"],
  ["http://[::1]:8081", "http://[::1]:8081"],
])("a custodian at %s is asked", async (address, url) => {
  expect(await askedAt(address)).toEqual(["http://node.test", url]);
});

it.each([
  "http://router.lan/reboot?now=",
  "http://router.lan/?now=",
  "http://router.lan/#",
  "http://admin:admin@router.lan",
  "https://router.lan/galen",
  "javascript:alert(1)//",
  "ftp://router.lan",
  "/v1",
  "http://",
])("nothing is asked at %s", async (address) => {
  expect(await askedAt(address)).toEqual(["http://node.test"]);
});
