import { readFileSync } from "node:fs";
import { openLedger } from "@galen/ledger/app/ledger";
import { Block, blockId, evidenceHash } from "@galen/ledger/block/block";
import { Commit } from "@galen/ledger/block/commit";
import { addMilliseconds } from "@galen/ledger/block/timestamp";
import { concatBytes } from "@galen/ledger/crypto/bytes";
import { hexToBytes } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { signWith } from "@galen/ledger/testing/chain";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { describe, expect, it } from "vitest";
import { openChainStore, recordWrite } from "../chain/chain-store.ts";
import { genesisTip } from "../chain/tip.ts";
import { verifyChain } from "../chain/verify-chain.ts";
import { verifyPastBlock } from "../chain/verify-past-block.ts";
import { proposeBlock, signProposal } from "../embedded/proposal.ts";
import { testGenesis, validatorKey } from "../embedded/testing/test-engine.ts";
import { ledgerBlock } from "./application/ledger-block.ts";
import { createFollower } from "./follower.ts";
import type { CometRpc } from "./rpc/comet-rpc.ts";
import { decided } from "./testing/test-consensus.ts";

const { sha256 } = portableCrypto;
const noEvidence: Block["evidence"] = { evidence: [] };

/** A follower of a chain whose first block is committed, and what it is told by `rpc`. */
async function followWith(call: CometRpc["call"]) {
  const kv = createMemoryStore();
  const ledger = await openLedger({ kv, crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
  const before = genesisTip(testGenesis, ledger.appHash, sha256);
  const record = { ...ledger.finalizeBlock(ledgerBlock(decided(1))), maxBlockBytes: testGenesis.parameters.maxBlockBytes };
  await ledger.commit([recordWrite(1, record)]);
  const reported = Promise.withResolvers<unknown>();
  const follower = createFollower({
    ...{ kv, ledger, crypto: portableCrypto, rpc: { call, close() {} }, store: openChainStore(kv, [tallyVersion]) },
    ...{ publish: () => {}, fail: () => expect.unreachable(), report: reported.resolve },
    start: { tip: before, earliestHeight: undefined },
    tipBeforeFirst: async () => before,
  });
  follower.committed(1, { txs: [], record });
  return { follower, reported: reported.promise };
}

interface Told {
  readonly evidence?: Block["evidence"];
  /** The bytes in which the proposer sends the block. */
  readonly bytesOf?: (block: Block) => Uint8Array;
  /** What CometBFT tells of the signed commit. */
  readonly told?: (signed: Commit) => Commit;
}

/** What becomes of the first block when CometBFT tells that it is final. */
async function follow({ evidence = noEvidence, bytesOf = Block.encode, told = (signed) => signed }: Told = {}) {
  const kv = createMemoryStore();
  const ledger = await openLedger({ kv, crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
  const before = genesisTip(testGenesis, ledger.appHash, sha256);
  const record = { ...ledger.finalizeBlock(ledgerBlock(decided(1))), maxBlockBytes: testGenesis.parameters.maxBlockBytes };
  await ledger.commit([recordWrite(1, record)]);

  const header = { ...proposeBlock(before, [], sha256).header, evidenceHash: evidenceHash(evidence.evidence, sha256) };
  const block = { header, data: { txs: [] }, evidence, lastCommit: before.commit };
  const bytes = bytesOf(block);
  const proposal = { header, id: blockId(header, bytes, sha256), txs: [], bytes };
  const sign = (signed: Uint8Array) => hexToBytes(signWith(validatorKey, signed).signature)!;
  const commit = told((await signProposal(proposal, addMilliseconds(header.time, 1_000), sign)).commit);
  const answers: Readonly<Record<string, unknown>> = {
    block: { block: Block.toJson(block) },
    commit: { signed_header: { header: {}, commit: Commit.toJson(commit) }, canonical: false },
  };
  const rpc: CometRpc = { call: async (method) => answers[method], close() {} };

  const store = openChainStore(kv, [tallyVersion]);
  const failed = Promise.withResolvers<never>();
  const published = Promise.withResolvers<void>();
  const follower = createFollower({
    ...{ rpc, kv, store, ledger, crypto: portableCrypto, publish: () => published.resolve(), fail: failed.reject, report: failed.reject },
    start: { tip: before, earliestHeight: undefined },
    tipBeforeFirst: async () => before,
  });
  follower.committed(1, { txs: [], record });
  await Promise.race([published.promise, failed.promise]);
  await follower.stop();
  return { tip: follower.tip, store, block, commit };
}

describe("a final block", () => {
  it("is copied into the store", async () => {
    const { tip, store, block, commit } = await follow();
    expect([store.block(1), tip.commit]).toEqual([block, commit]);
  });

  it("is, too, when one validator's evidence in it is as odd as it may be", async () => {
    const file = new URL("../../../ledger/src/block/testing/comet-evidence.json", import.meta.url);
    const { bytes } = JSON.parse(readFileSync(file, "utf8")) as { bytes: string };
    const evidence = Block.fields.find(([key]) => key === "evidence")![1].fromPayloads([hexToBytes(bytes)!]) as Block["evidence"];
    const { store, block } = await follow({ evidence });
    expect(store.block(1)).toEqual(block);
  });

  // A field that no block has: CometBFT takes the block, votes for the parts of these bytes, and tells of it without the field.
  const bytesOf = (block: Block) => concatBytes([Block.encode(block), Uint8Array.of(0x28, 0x01)]);

  it("is, too, when its proposer sent it in other bytes than CometBFT's, and verifies from before and after", async () => {
    const { tip, store, block, commit } = await follow({ bytesOf });
    expect([store.block(1), tip.blockId]).toEqual([block, commit.blockId]);
    for await (const { blockHash } of verifyChain({ store, genesis: testGenesis, crypto: portableCrypto, height: 1 }))
      expect(blockHash).toEqual(commit.blockId.hash);

    const { validators } = tip;
    const next = { block: Block.decode(proposeBlock(tip, [], sha256).bytes), validators };
    const claimed = { bytes: store.blockBytes(1)!, recordBytes: store.recordBytes(1)!, validators };
    expect(verifyPastBlock(next, claimed, { store, crypto: portableCrypto }).commit).toEqual(commit);
  });

  const otherParts = { total: 1, hash: new Uint8Array(32) };
  it.each<[string, Told["told"]]>([
    ["of another header", (signed) => ({ ...signed, blockId: { ...signed.blockId, hash: new Uint8Array(32) } })],
    ["with parts that nobody signed", (signed) => ({ ...signed, blockId: { ...signed.blockId, parts: otherParts } })],
    ["of another height", (signed) => ({ ...signed, height: 2 })],
  ])("is not final by a commit %s", async (_, told) => {
    await expect(follow({ bytesOf, told: told! })).rejects.toMatchObject({ code: "CommitInvalid" });
  });
});

describe("a final block that CometBFT does not give", () => {
  it.each<[string, CometRpc["call"], RegExp]>([
    ["because it does not answer", () => Promise.reject(new Error("CometBFT does not answer")), /does not answer/],
    ["because it answers with nothing", async () => null, /null/],
  ])("%s is asked for again, and the reason is heard", async (_, call, reason) => {
    const { follower, reported } = await followWith(call);
    expect(await reported).toMatchObject({
      message: expect.stringContaining("block 1"),
      cause: { message: expect.stringMatching(reason) },
    });
    await follower.stop();
    expect(follower.tip.height).toBe(0);
  });
});
