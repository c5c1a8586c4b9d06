import type { NodePeers, PeerNode } from "@galen/sdk/client/custodian-nodes";
import type { NodeStatus } from "@galen/sdk/client/status";
import { expect, it } from "vitest";
import { type AskedNode, commonChain, furtherNodes, nodeLines, ofChain } from "./node-lines.ts";

const urlOf = (node: string) => `http://${node}.example`;

function peer(node: string, key: string | null): PeerNode {
  return { url: urlOf(node), key, isReachable: true, height: 7, lag: 0, custodian: null };
}

/** A node that was asked, and what it knows of others if it answers. */
function asked(node: string, key: string | undefined, answers?: { readonly key: string; readonly peers: readonly PeerNode[] }): AskedNode {
  const said = { validator: answers?.key, height: 7, indexedHeight: 6 } as NodeStatus;
  const peers: NodePeers = { key: answers?.key ?? "", height: 7, custodian: { index: 2 }, peers: answers?.peers ?? [] };
  return { organisation: undefined, url: urlOf(node), key, answer: answers && { said, peers } };
}

it("goes on to nodes that others know, each once, and to none that was asked at whatever address", () => {
  const first = asked("first", "k1", { key: "k1", peers: [peer("second", "k2"), peer("new", "k5"), peer("proxy-of-first", "k1")] });
  const second = asked("second", undefined, { key: "k2", peers: [peer("first", "k1"), peer("new", "k5"), peer("never-met", null)] });
  expect(furtherNodes([first, second])).toEqual([
    { organisation: undefined, url: urlOf("new"), key: "k5" },
    { organisation: undefined, url: urlOf("never-met"), key: undefined },
  ]);
});

it("names for every node on the ledger whose it is, what power it has, and that a new one was not asked", () => {
  const known = {
    powers: new Map([
      ["k1", 1],
      ["new", 1],
    ]),
    seats: [
      { organisation: "ab".repeat(32), publicKey: "k1" },
      { organisation: "cd".repeat(32), publicKey: "new" },
    ],
    names: new Map([["cd".repeat(32), "Second Clinic"]]),
  };
  const lines = nodeLines([asked("first", "k1", { key: "k1", peers: [] }), asked("former", "old"), asked("unmet", undefined)], known);
  expect(lines).toEqual([
    {
      organisation: "abababababab…",
      url: urlOf("first"),
      height: 7,
      readModelLag: 1,
      peers: { reached: 0, known: 0 },
      power: 1,
      custodian: 2,
    },
    expect.objectContaining({ url: urlOf("former"), height: undefined, power: 0 }),
    expect.objectContaining({ url: urlOf("unmet"), height: undefined, power: undefined }),
    expect.objectContaining({ organisation: "Second Clinic", url: undefined, height: undefined, power: 1 }),
  ]);
});

it("counts a node of another chain as one that does not answer, and names its chain", () => {
  const answering = (node: string, chainId: string): AskedNode => {
    const { answer, ...entry } = asked(node, "k1", { key: node, peers: [peer(`known to ${node}`, null)] });
    return { ...entry, answer: { ...answer!, said: { ...answer!.said, chainId, newestVersion: 3 } } };
  };
  const all = [answering("left over", "old-1"), answering("first", "new-1"), answering("second", "new-1"), asked("silent", "k4")];
  expect(commonChain(all)).toBe("new-1");
  const own = ofChain(all, "new-1");
  expect(furtherNodes(own).map(({ url }) => url)).toEqual([urlOf("known to first"), urlOf("known to second")]);
  const lines = nodeLines(own, { powers: new Map(), seats: [], names: new Map() });
  expect(lines.map(({ height, otherNetwork, newestVersion }) => [height, otherNetwork, newestVersion])).toEqual([
    [undefined, "old-1", undefined],
    [7, undefined, 3],
    [7, undefined, 3],
    [undefined, undefined, undefined],
  ]);
});
