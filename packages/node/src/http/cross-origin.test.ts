import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LyingPeer, startLyingPeer } from "../testing/lying-peer.ts";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";

let network: TestNetwork;
let peer: LyingPeer;

beforeAll(async () => {
  peer = await startLyingPeer();
  network = await startTestNetwork({ peers: [peer.url], webOrigins: ["https://wallet.example"], requestBurst: 50, requestsPerSecond: 1 });
});
afterAll(async () => {
  await network.close();
  await peer.close();
});

const ask = (path: string, headers: Record<string, string>, method = "GET") => fetch(network.node.url + path, { method, headers });
const allowed = (answer: Response) => answer.headers.get("access-control-allow-origin");

describe("a page in a browser", () => {
  it.each([
    ["of an origin in the settings", () => "https://wallet.example", true],
    ["of another node", () => peer.url, true],
    ["of a foreign origin", () => "https://evil.example", false],
    ["of a name that begins like an allowed one", () => "https://wallet.example.evil.example", false],
    ["of an allowed name over another protocol", () => "http://wallet.example", false],
    ["of no origin that has a name", () => "null", false],
  ])("%s reads the API or not", async (_, origin, isAllowed) => {
    for (const path of ["/v1/status", "/v1/query/custody.key?purpose=release", "/v2/nothing"]) {
      const answer = await ask(path, { origin: origin() });
      expect(allowed(answer)).toBe(isAllowed ? origin() : null);
      expect(answer.headers.get("vary")).toContain("origin");
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    }
    const asked = {
      origin: origin(),
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    };
    const preflight = await ask("/v1/custody/shares", asked, "OPTIONS");
    expect(preflight.status).toBe(isAllowed ? 204 : 405);
    expect(preflight.headers.get("access-control-allow-headers")).toBe(isAllowed ? "authorization, content-type, last-event-id" : null);
  });

  it.each(["https://evil.example", "https://x;frame-ancestors"])(
    "is not let in by a peer that is no node and names %s, and nobody is sent there",
    async (publicUrl) => {
      const { chainId } = network.node.ledger;
      peer.report = { chainId, key: "ab".repeat(32), height: 1, publicUrl, custodian: null };
      const peersNow = async () => (await (await ask("/v1/peers", {})).json()) as { peers: { isReachable: boolean; url: string }[] };
      await expect.poll(async () => (await peersNow()).peers[0]!.isReachable, { timeout: 20_000 }).toBe(true);
      expect(allowed(await ask("/v1/status", { origin: publicUrl }))).toBeNull();
      expect((await peersNow()).peers[0]!.url).toBe(peer.url);
    },
  );

  it("learns that it must wait", async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask("/v1/status", { origin: "https://wallet.example" })));
    const refused = answers.find(({ status }) => status === 429)!;
    expect(allowed(refused)).toBe("https://wallet.example");
    expect(refused.headers.get("access-control-expose-headers")).toBe("retry-after, galen-height");
    expect(refused.headers.get("retry-after")).toMatch(/^[0-9]+$/);
  });
});
