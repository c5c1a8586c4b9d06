import { Block } from "@galen/ledger/block/block";
import { Commit } from "@galen/ledger/block/commit";
import { Header } from "@galen/ledger/block/header";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { beforeAll, describe, expect, it } from "vitest";
import { addTx, createTestDisk, openTestEngine } from "../../embedded/testing/test-engine.ts";
import type { Engine } from "../../engine.ts";
import type { CometRpc } from "./comet-rpc.ts";
import { fetchBlock, fetchBlockOf } from "./fetch-block.ts";

const { sha256 } = portableCrypto;

let engine: Engine;
let height: number;
beforeAll(async () => {
  ({ engine } = await openTestEngine(createTestDisk()));
  const outcome = await engine.submitAndWait(addTx("a"));
  await engine.submitAndWait(addTx("b"));
  height = outcome.kind === "executed" ? outcome.height : 0;
});

/** What CometBFT answers about the blocks of an engine, and what it was asked. */
function rpcOver({ header = (own: Header) => own, canonical = true, holdsLast = true } = {}) {
  const asked: string[] = [];
  const rpc: CometRpc = {
    async call(method, params) {
      asked.push(method);
      const at = Number(params!.height);
      if (method === "block") return { block: Block.toJson(engine.block(at)!) };
      if (at < height && !holdsLast) return null;
      const signed = engine.commit(at)!;
      return { signed_header: { header: Header.toJson(header(signed.header)), commit: Commit.toJson(signed.commit) }, canonical };
    },
    close: () => {},
  };
  return { rpc, asked };
}

describe("a block whose transactions are at hand", () => {
  it.each<[string, Parameters<typeof rpcOver>[0], boolean]>([
    ["is put together from them, header and commits", {}, false],
    ["is fetched when the commit before may not be the one that it carries", { canonical: false }, true],
    ["is fetched when CometBFT does not hold the block before", { holdsLast: false }, true],
    ["is fetched when it holds evidence", { header: (own) => ({ ...own, evidenceHash: new Uint8Array(32) }) }, true],
  ])("%s", async (_, answers, isFetched) => {
    const whole = await fetchBlock(rpcOver().rpc, height);
    const { rpc, asked } = rpcOver(answers);
    const fetched = await fetchBlockOf({ rpc, sha256 }, height, whole.block.data.txs);
    expect(fetched).toEqual(whole);
    expect(fetched.bytes).toEqual(Block.encode(engine.block(height)!));
    expect(asked.includes("block")).toBe(isFetched);
  });
});
