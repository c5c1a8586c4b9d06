import { describe, expect, it } from "vitest";
import type { OperatorFacts } from "./operator-facts.ts";
import { findingsOf, sharesInReach } from "./operator-findings.ts";

const keys = ["aa", "bb", "cc", "dd"].map((byte) => byte.repeat(32));

function peer(place: number, change: object = {}) {
  return {
    url: `http://node-${place}.test`,
    key: keys[place]!,
    isReachable: true,
    height: 100,
    lag: 0,
    custodian: { index: place + 1 },
    ...change,
  };
}

function node(place: number, change: object = {}) {
  return { node: { organisation: `org-${place}`, publicKey: keys[place]!, registeredAt: 1, ...change }, power: 250_000 };
}

/** Four validators, three custodians of four needed, seen from the first. */
function facts(change: object = {}): OperatorFacts {
  const healing = { blobs: { state: "complete", checked: 9, repaired: 0, lost: 0 }, history: { state: "complete", repaired: 0 } };
  return {
    status: { height: 100, indexedHeight: 100, healing },
    isHealthy: true,
    peers: { key: keys[0], height: 100, custodian: { index: 1 }, peers: [peer(1), peer(2), peer(3)] },
    nodes: [node(0), node(1), node(2), node(3)],
    totalPower: 1_000_000,
    key: { threshold: 2, epoch: 1, custodians: [1, 2, 3, 4].map((index) => ({ index })) },
    isCeremony: false,
    ...change,
  } as unknown as OperatorFacts;
}

const seen = (...peers: readonly object[]) => ({ peers: { key: keys[0], height: 100, custodian: { index: 1 }, peers } });
const away = { isReachable: false };

describe("an operator", () => {
  it.each([
    ["hears nothing when all is well", {}, []],
    ["hears that the node takes nothing", { isHealthy: false }, ["bad unhealthy"]],
    ["hears of lost content", { status: { height: 1, indexedHeight: 1, healing: { blobs: { lost: 2 }, history: {} } } }, ["bad blobsLost"]],
    [
      "hears of a past that nobody gives, and of lists that are old",
      { status: { height: 100, indexedHeight: 80, healing: { blobs: { lost: 0 }, history: { state: "missing" } } } },
      ["warn historyMissing", "warn indexBehind"],
    ],
    ["hears of one node that is away", seen(peer(1, away), peer(2), peer(3)), ["warn peerAway"]],
    [
      "hears that a third of the power is away",
      seen(peer(1, away), peer(2, away), peer(3)),
      ["bad powerAway", "warn peerAway", "warn peerAway", "warn custodiansScarce"],
    ],
    ["hears of a node that is behind", seen(peer(1, { lag: 50 }), peer(2, { lag: 3 }), peer(3)), ["warn peerBehind"]],
    ["hears that this node is behind", seen(peer(1, { lag: -50 }), peer(2, { lag: -49 }), peer(3)), ["bad behind"]],
    ["hears of a validator that is nowhere", seen(peer(1), peer(2, { key: null }), peer(3, { key: null })), ["bad powerAway"]],
    ["hears of a jail", { nodes: [node(0), node(1), node(2), node(3, { jail: { reason: "downtime", until: 900 } })] }, ["warn jailed"]],
    ["hears that there is no key", { key: undefined }, ["warn noKey"]],
    [
      "hears that too few custodians are there to open anything",
      seen(peer(1, { custodian: null }), peer(2, { custodian: { index: null } }), peer(3, { custodian: null })),
      ["bad custodiansAway"],
    ],
  ])("%s", (_, change, found) => {
    expect(findingsOf(facts(change)).map(({ tone, kind }) => `${tone} ${kind}`)).toEqual(found);
  });

  it("counts a share once, and only where its holder can be asked", () => {
    expect([...sharesInReach(seen(peer(1), peer(1), peer(2, away)) as unknown as OperatorFacts)]).toEqual([1, 2]);
  });
});
