import { createClient } from "@galen/sdk";
import { expect, it } from "vitest";
import { subjects } from "./subjects.ts";

/** Who knows whom: a machine that has just come, two founders, and one that joined after the founding, whom the new machine has never met. */
const knownTo: Readonly<Record<string, readonly string[]>> = {
  "https://new.test": ["https://first.test", "https://second.test"],
  "https://first.test": ["https://second.test", "https://joined.test", "https://new.test"],
  "https://second.test": ["https://first.test", "https://joined.test", "https://new.test"],
  "https://joined.test": ["https://first.test", "https://second.test"],
};

async function answer(url: string): Promise<Response> {
  const { origin, pathname } = new URL(url);
  const node = origin === "http://127.0.0.1:8080" ? "https://new.test" : origin;
  const custodian = { index: 1 };
  const peers = knownTo[node]!.map((peer) => ({ url: peer, key: peer, isReachable: true, height: 1, lag: 0, custodian }));
  if (pathname === "/v1/peers") return Response.json({ key: node, height: 1, custodian, peers });
  if (pathname === "/v1/custodian") return Response.json({ account: node, sealingKey: `key of ${node}` });
  return Response.json({ chainId: "clinics", height: 1, collectiveKey: "ab" });
}

it.each([
  ["https://new.test", undefined, ["new", "first", "second", "joined"], 3],
  ["http://127.0.0.1:8080", undefined, ["new", "first", "second", "joined"], 3],
  ["https://new.test", ["https://first.test"], ["first"], 1],
])("proposes all custodians that are known around %s, each once, or those at %j", async (url, nodes, names, threshold) => {
  const client = createClient({ url, fetch: async (input) => answer(new Request(input).url) });
  const { complete } = subjects.find(({ word }) => word === "custodians")!;
  const value = (await complete!(client, {}, { nodes })) as { custodians: { account: string }[] };
  expect(value).toMatchObject({ kind: "reshare", threshold });
  expect(new Set(value.custodians.map(({ account }) => account))).toEqual(new Set(names.map((name) => `https://${name}.test`)));
  expect(value.custodians).toHaveLength(names.length);
});
