import { bytesToHex } from "@galen/ledger/crypto/hex";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nativeCrypto } from "./crypto/native.ts";
import { startTestNetwork, type TestNetwork } from "./testing/test-network.ts";
import { createTrustedHeaders, type TrustedHeadersOptions } from "./trusted-headers.ts";

let network: TestNetwork;
beforeAll(async () => {
  network = await startTestNetwork();
  await network.person("somebody");
  await network.person("somebody else");
});
afterAll(() => network.close());

function headers(options: Partial<TrustedHeadersOptions> = {}) {
  const { engine, url } = network.node;
  return createTrustedHeaders({
    ...{ servers: url, trustHeight: 2, trustHash: bytesToHex(engine.commit(2)!.commit.blockId.hash).toUpperCase() },
    ...{ chainId: engine.status().chainId, crypto: nativeCrypto, now: Date.now },
    ...options,
  });
}

describe("the header of a snapshot's block", () => {
  it.each([1, 2, 3])("is verified from the trusted one: block %i", async (height) => {
    expect(await headers()(height)).toEqual(network.node.engine.header(height));
  });

  it("is asked of the next server when one does not answer", async () => {
    const servers = `http://127.0.0.1:9, ${network.node.url}/,${network.node.url}`;
    expect(await headers({ servers })(3)).toEqual(network.node.engine.header(3));
  });

  it.each<[string, Partial<TrustedHeadersOptions>, string]>([
    ["another is trusted", { trustHash: "ab".repeat(32) }, "wrong-trusted-hash"],
    ["what is trusted is no hash", { trustHash: "none" }, "wrong-trusted-hash"],
    ["it is of another network", { chainId: "another" }, "wrong-chain"],
    ["the trusted one is too old", { now: () => Date.now() + 8 * 86_400_000 }, "trusted-header-expired"],
    ["nobody answers", { servers: "http://127.0.0.1:9" }, "fetch failed"],
  ])("is refused when %s", async (_, options, reason) => {
    await expect(headers(options)(3)).rejects.toThrow(reason);
  });
});
