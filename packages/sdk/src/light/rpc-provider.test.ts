import { Commit } from "@galen/ledger/block/commit";
import { Header } from "@galen/ledger/block/header";
import { validatorToJson } from "@galen/ledger/block/validator";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { describe, expect, it } from "vitest";
import { createRpcProvider } from "./rpc-provider.ts";
import { createBlock, signersOfSet } from "./testing/test-chain.ts";

const { sha256 } = portableCrypto;
const block = createBlock(5, signersOfSet(0));
const commitReply = {
  result: { signed_header: { header: Header.toJson(block.header), commit: Commit.toJson(block.commit) }, canonical: true },
};
const validatorsReply = (page: number) => ({
  result: { validators: block.validators.slice(2 * page - 2, 2 * page).map((one) => validatorToJson(one, sha256)), total: "4" },
});

/** A node's RPC, by path and query. */
function providerWith(replies: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = async (input) => {
    const path = (input as string).replace("http://node/", "");
    asked.push(path);
    return Response.json(
      replies[path] ?? {
        error: { code: -32603, message: "Internal error", data: "height 6 must be less than or equal to the current blockchain height 5" },
      },
    );
  };
  return { asked, provider: createRpcProvider({ url: "http://node", sha256, fetch }) };
}

describe("CometBFT's RPC", () => {
  it("gives signed headers and, page by page, validator sets", async () => {
    const query = (page: number) => `validators?height=5&page=${page}&per_page=100`;
    const { provider, asked } = providerWith({
      "commit?height=5": commitReply,
      [query(1)]: validatorsReply(1),
      [query(2)]: validatorsReply(2),
    });
    expect(await provider.signedHeader(5)).toEqual({ header: block.header, commit: block.commit });
    expect(await provider.validators(5)).toEqual(block.validators);
    expect(asked).toEqual(["commit?height=5", query(1), query(2)]);
  });

  it("says so where it does not have a height", async () => {
    const { provider } = providerWith({});
    expect(await provider.signedHeader(6)).toBeUndefined();
    expect(await provider.validators(6)).toBeUndefined();
  });

  it.each([
    ["nothing", null, "a JSON-RPC result is needed"],
    [
      "another error",
      { error: { message: "Internal error", data: "disk on fire" } },
      'the node answered {"message":"Internal error","data":"disk on fire"}',
    ],
    ["no header", { result: {} }, "an object with header is needed"],
    [
      "a header without a chain",
      { result: { signed_header: { header: { version: {} }, commit: {} } } },
      "/chain_id: Unicode text is needed",
    ],
  ])("rejects on %s", async (_, reply, message) => {
    const { provider } = providerWith({ "commit?height=5": reply ?? "nothing" });
    await expect(provider.signedHeader(5)).rejects.toThrow(message);
  });

  it("rejects on a reply without end", async () => {
    let sent = 0;
    let isCancelled = false;
    const body = new ReadableStream({
      pull(controller) {
        if (++sent > 100) throw new Error("read without end");
        controller.enqueue(new Uint8Array(1_048_576));
      },
      cancel() {
        isCancelled = true;
      },
    });
    const provider = createRpcProvider({ url: "http://node", sha256, fetch: async () => new Response(body) });
    await expect(provider.signedHeader(5)).rejects.toThrow("at most 4194304 bytes");
    expect(isCancelled).toBe(true);
  });

  it("rejects on a set without end", async () => {
    const endless = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [
        `validators?height=5&page=${at + 1}&per_page=100`,
        { result: { validators: [], total: "9" } },
      ]),
    );
    await expect(providerWith(endless).provider.validators(5)).rejects.toThrow("at most 10000 validators");
  });
});
