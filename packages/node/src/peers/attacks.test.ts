import { randomBytes } from "node:crypto";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { receiptBytes } from "@galen/ledger/tx/storage-receipts";
import { FRAMES_TYPE, readFrames, writeFrames } from "@galen/sdk/client/frames";
import { storeBlobs } from "@galen/sdk/client/store-blobs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openBlobFiles } from "../blobs/blob-files.ts";
import { openBlobStore } from "../blobs/blob-store.ts";
import { fetchBlobs } from "../blobs/fetch-blobs.ts";
import { createBlobRelay } from "../blobs/relay-blobs.ts";
import { nativeCrypto } from "../crypto/native.ts";
import { ed25519Key } from "../keys/ed25519-key.ts";
import { type LyingPeer, startLyingPeer } from "../testing/lying-peer.ts";
import { startTestNodes, type TestNode, type TestNodes, until } from "../testing/test-nodes.ts";
import { createCallPeer, type PeerCall } from "./call-peer.ts";
import { PeerFailure } from "./peer-failure.ts";
import { openPeers, type Peers } from "./peers.ts";

const { sha256 } = nativeCrypto;
const stranger = ed25519Key(new Uint8Array(32).fill(9));

let town: TestNodes;
let liar: LyingPeer;

beforeAll(async () => {
  liar = await startLyingPeer();
  town = await startTestNodes({ count: 4, alsoPeers: [liar.url] });
}, 60_000);
afterAll(async () => {
  await town.close();
  await liar.close();
});

/** A caller with the keys of `as`, or of somebody whom the ledger does not know. */
function caller(as: TestNode | undefined, now: () => number = Date.now) {
  const { ledger } = town.nodes[0]!.running;
  return createCallPeer({ ledger, crypto: nativeCrypto, validator: as?.signer ?? stranger, now });
}

const fetchCall: PeerCall = {
  method: "POST",
  path: "/v1/peers/blobs/fetch",
  body: { type: "application/json", bytes: Buffer.from(JSON.stringify({ addresses: ["ab".repeat(32)] })) },
  maxBytes: 1_000,
  timeoutMs: 20_000,
};

const reasonOf = (answer: Uint8Array) => JSON.parse(Buffer.from(answer).toString()) as { title: string; details: { reason: string } };

describe("a request of one node to another", () => {
  it("is answered when the ledger knows the node that asks", async () => {
    const [asking, asked] = town.nodes as [TestNode, TestNode];
    expect(readFrames(await caller(asking)(asked, fetchCall))).toEqual([new Uint8Array(0)]);
  });

  it.each([
    ["a stranger's key", () => caller(undefined), (asked: TestNode) => asked, "unknown node"],
    [
      "the key of another node as the one that is asked",
      () => caller(town.nodes[0]),
      (asked: TestNode) => ({ ...asked, key: town.nodes[2]!.key }),
      "another node is asked",
    ],
    ["an old time", () => caller(town.nodes[0], () => Date.now() - 120_000), (asked: TestNode) => asked, "clock"],
    ["no signature", () => caller(town.nodes[0]), ({ url }: TestNode) => ({ url, key: undefined }), "no authorisation of a node"],
  ])("is refused with %s", async (_, call, to, reason) => {
    const refused = call()(to(town.nodes[1]!), fetchCall);
    await expect(refused).rejects.toMatchObject({ reason: "refused" });
    const { cause } = (await refused.catch((error: unknown) => error)) as { cause: Uint8Array };
    expect(reasonOf(cause)).toMatchObject({ title: "api/Unauthenticated", details: { reason } });
  });

  it("counts once, and at the node that it was made for", async () => {
    const [asking, asked, third] = town.nodes as [TestNode, TestNode, TestNode];
    liar.answer = (_request, response) => void response.end();
    // The liar passes for the second node and keeps what it hears.
    await caller(asking)({ url: liar.url, key: asked.key }, fetchCall);
    const { path, authorization, body } = liar.heard.at(-1)!;
    const resend = async (url: string) => {
      const init = { method: "POST", headers: { authorization, "content-type": "application/json" }, body: Uint8Array.from(body) };
      const answer = await fetch(url + path, init);
      return answer.ok ? "ok" : ((await answer.json()) as { details: { reason: string } }).details.reason;
    };
    expect(await resend(asked.url)).toBe("ok");
    expect(await resend(asked.url)).toBe("replayed");
    expect(await resend(third.url)).toBe("another node is asked");
  });

  it("is not good for an account, nor an account's for a node", async () => {
    const [asking, asked] = town.nodes as [TestNode, TestNode];
    const blobs = { type: FRAMES_TYPE, bytes: writeFrames([Uint8Array.of(1)]) };
    await expect(caller(asking)(asked, { ...fetchCall, path: "/v1/blobs", body: blobs })).rejects.toMatchObject({ reason: "refused" });
  });
});

describe("a store that is relayed", () => {
  it("goes to every validator once and no further, though all know each other", async () => {
    const [first] = town.nodes as [TestNode];
    const bytes = new Uint8Array(randomBytes(500));
    const { receipts } = await storeBlobs(first.client, { as: town.hospital, blobs: [bytes] });
    expect(receipts).toHaveLength(3);
    for (const { url } of town.nodes.slice(1)) {
      const text = await (await fetch(`${url}/metrics`)).text();
      expect(text).not.toMatch(/galen_peer_requests_total\{purpose="relay"/);
    }
  });

  it("does not go to a peer under a key that the ledger does not know, nor does its receipt count", async () => {
    liar.report = { chainId: "test-nodes", key: bytesToHex(stranger.publicKey), height: 1, publicUrl: null, custodian: null };
    const before = liar.heard.length;
    await town.nodes[0]!.stop();
    await town.nodes[0]!.start();
    await storeBlobs(town.nodes[0]!.client, { as: town.hospital, blobs: [Uint8Array.of(4)] });
    expect(liar.heard.slice(before)).toEqual([]);
  });
});

describe("the relay", () => {
  it("holds no more bytes than it has memory for, and takes the next when one is through", async () => {
    const { running, signer } = town.nodes[0]!;
    const slow = Promise.withResolvers<never>();
    const peers = {
      ...{ met: async () => {}, refresh: async () => {}, list: () => [], stop: async () => {} },
      nodes: () => [{ url: "http://slow.test", key: town.nodes[1]!.key, height: 1 }],
      ask: () => slow.promise,
    };
    const relay = createBlobRelay({ ledger: running.ledger, crypto: nativeCrypto, validator: signer, now: Date.now, peers });
    const [large, address] = [new Uint8Array(200_000_000), "ab".repeat(32)];
    const first = relay.relay(large, [address]);
    await expect(relay.relay(large, [address])).rejects.toMatchObject({ kind: { id: "blobs/RelayBusy" } });
    slow.reject(new PeerFailure("slow", "http://slow.test"));
    expect(await first).toEqual([]);
    expect(await relay.relay(large, [address])).toEqual([]);
  });
});

/** What the node does when another one under a known key misbehaves: the lying peer passes for the fourth node. */
describe("a peer that", () => {
  const blob = new Uint8Array(3_000).fill(5);
  let address: string;
  let peers: Peers;
  const counts = new Map<string, number>();
  const told: object[] = [];

  function openLoudly(urls: readonly string[]): Peers {
    const { running, signer } = town.nodes[0]!;
    const metrics = {
      countPeer: (purpose: string, result: string) =>
        void counts.set(`${purpose} ${result}`, (counts.get(`${purpose} ${result}`) ?? 0) + 1),
      watchPeers: () => {},
    };
    const tell = (facts: object, sentence?: string) => void told.push({ ...facts, sentence });
    const identity = { ledger: running.ledger, crypto: nativeCrypto, validator: signer, now: Date.now };
    return openPeers({ ...identity, urls, metrics, logger: { info: tell, warn: tell } });
  }

  beforeEach(async () => {
    liar.report = { chainId: "test-nodes", key: town.nodes[3]!.key, height: 1, publicUrl: null, custodian: null };
    counts.clear();
    told.length = 0;
    peers = openLoudly([liar.url]);
    await until(() => peers.nodes().length === 1);
    const store = openBlobStore({ kv: createMemoryStore(), files: openBlobFiles("/nowhere"), sha256, now: Date.now });
    [address] = (await store.put([blob])) as [string];
  });
  afterEach(() => peers.stop());

  const kept: Uint8Array[] = [];
  const ask = async () => {
    kept.length = 0;
    const missing = await fetchBlobs({ peers, sha256, addresses: [address], keep: async (blobs) => void kept.push(...blobs) });
    return { missing: missing.length, kept: kept.length };
  };

  it("gives the right bytes is believed by their address", async () => {
    liar.answer = (_request, response) => void response.end(writeFrames([blob]));
    expect(await ask()).toEqual({ missing: 0, kept: 1 });
  });

  it.each([
    ["gives other bytes", (send: (body: Uint8Array) => void) => send(writeFrames([blob.with(7, 0)])), "wrong"],
    ["gives half of them", (send: (body: Uint8Array) => void) => send(writeFrames([blob.subarray(0, 1_500)])), "wrong"],
    ["gives more blobs than asked for", (send: (body: Uint8Array) => void) => send(writeFrames([blob, blob])), "wrong"],
    ["gives broken frames", (send: (body: Uint8Array) => void) => send(Uint8Array.of(0, 0, 9)), "wrong"],
    ["has nothing", (send: (body: Uint8Array) => void) => send(writeFrames([new Uint8Array(0)])), "ok"],
  ])("%s changes nothing", async (_, misdeed, counted) => {
    liar.answer = (_request, response) => misdeed((body) => void response.end(body));
    expect(await ask()).toEqual({ missing: 1, kept: 0 });
    expect(counts.get(`blobs ${counted}`)).toBe(1);
  });

  it("sends without end is cut off at the limit", async () => {
    let sent = 0;
    liar.answer = (_request, response) => {
      const pour = () => {
        while (!response.destroyed && sent < 400_000_000) {
          sent += 1_048_576;
          if (!response.write(new Uint8Array(1_048_576))) return void response.once("drain", pour);
        }
      };
      pour();
    };
    expect(await ask()).toEqual({ missing: 1, kept: 0 });
    expect(counts.get("blobs too-large")).toBe(1);
    expect(sent).toBeLessThan(200_000_000);
  });

  it("is on a slow line is waited for", async () => {
    liar.answer = (_request, response) => {
      let parts = 6;
      const flow = setInterval(() => {
        response.write(Buffer.alloc(131_072));
        if (--parts > 0) return;
        clearInterval(flow);
        response.end();
      }, 300);
    };
    const call = { ...fetchCall, timeoutMs: 1_000, maxBytes: 1_048_576 };
    expect(await caller(town.nodes[0])({ url: liar.url, key: town.nodes[3]!.key }, call)).toHaveLength(6 * 131_072);
  });

  it("sends a byte now and then is given up", async () => {
    liar.answer = (_request, response) => {
      const drip = setInterval(() => response.write(Uint8Array.of(0)), 20);
      response.on("close", () => clearInterval(drip));
    };
    const slow = caller(town.nodes[0])({ url: liar.url, key: town.nodes[3]!.key }, { ...fetchCall, timeoutMs: 300 });
    await expect(slow).rejects.toMatchObject({ reason: "slow" });
  });

  it.each([
    ["gives its receipt", (message: Uint8Array) => bytesToHex(town.nodes[3]!.signer.sign(message)), 1],
    ["gives a receipt of its own making", (message: Uint8Array) => bytesToHex(stranger.sign(message)), 0],
    ["gives a receipt for something else", () => bytesToHex(town.nodes[3]!.signer.sign(Uint8Array.of(1))), 0],
    ["gives nonsense for a receipt", () => "x", 0],
  ])("%s is counted by its signature", async (_, sign, counted) => {
    const { running, signer } = town.nodes[0]!;
    const relay = createBlobRelay({ ledger: running.ledger, crypto: nativeCrypto, validator: signer, now: Date.now, peers });
    const message = receiptBytes("test-nodes", [address], sha256);
    liar.answer = (_request, response) =>
      void response.end(JSON.stringify({ receipt: { publicKey: town.nodes[3]!.key, signature: sign(message) } }));
    expect(await relay.relay(writeFrames([blob]), [address])).toHaveLength(counted);
  });

  it("redirects gets no signed request anywhere else", async () => {
    liar.answer = (_request, response) => void response.writeHead(307, { location: town.nodes[1]!.url }).end();
    expect(await ask()).toEqual({ missing: 1, kept: 0 });
    expect(counts.get("blobs unreachable")).toBe(1);
  });

  it("is of another network, or reports nonsense, is no node", async () => {
    for (const report of [{ ...liar.report, chainId: "elsewhere" }, { ...liar.report, key: "ab" }, { ...liar.report, height: "9" }, {}]) {
      liar.report = report;
      await peers.refresh();
      expect(peers.nodes()).toEqual([]);
    }
    expect(told).toEqual([
      { url: liar.url, reason: "wrong", cause: "it belongs to another network", sentence: "a peer does not answer as one" },
    ]);
  });

  it("is away is told of once, with the reason, and again when it is back", async () => {
    const away = town.nodes[1]!;
    await peers.stop();
    peers = openLoudly([away.url]);
    await peers.met();
    await away.stop();
    for (let look = 0; look < 3; look++) await peers.refresh();
    const missed = { url: away.url, reason: "unreachable", cause: expect.stringContaining("ECONNREFUSED") };
    expect(told).toEqual([{ ...missed, sentence: "a peer does not answer as one" }]);
    await away.start();
    await peers.refresh();
    expect(told.slice(1)).toEqual([{ url: away.url, sentence: "a peer answers again" }]);
  });
});
