import { readFileSync } from "node:fs";
import { openLedger } from "@galen/ledger/app/ledger";
import { Block, blockId, evidenceHash } from "@galen/ledger/block/block";
import { Commit } from "@galen/ledger/block/commit";
import { addMilliseconds } from "@galen/ledger/block/timestamp";
import { hexToBytes } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { signWith } from "@galen/ledger/testing/chain";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { describe, expect, it } from "vitest";
import { openChainStore } from "../chain/chain-store.ts";
import { genesisTip } from "../chain/tip.ts";
import { proposeBlock, signProposal } from "../embedded/proposal.ts";
import { testGenesis, validatorKey } from "../embedded/testing/test-engine.ts";
import { ledgerBlock } from "./application/ledger-block.ts";
import { createFollower } from "./follower.ts";
import type { CometRpc } from "./rpc/comet-rpc.ts";
import { decided } from "./testing/test-consensus.ts";

const { sha256 } = portableCrypto;
const noEvidence: Block["evidence"] = { evidence: [] };

/** What becomes of the first block, which holds `evidence`, when CometBFT tells that it is final. */
async function follow(evidence: Block["evidence"]) {
  const kv = createMemoryStore();
  const ledger = await openLedger({ kv, crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
  const before = genesisTip(testGenesis, ledger.appHash, sha256);
  const finalized = ledger.finalizeBlock(ledgerBlock(decided(1)));
  await ledger.commit();

  const header = { ...proposeBlock(before, [], sha256).header, evidenceHash: evidenceHash(evidence.evidence, sha256) };
  const block = { header, data: { txs: [] }, evidence, lastCommit: before.commit };
  const bytes = Block.encode(block);
  const proposal = { header, id: blockId(header, bytes, sha256), txs: [], bytes };
  const sign = (signed: Uint8Array) => hexToBytes(signWith(validatorKey, signed).signature)!;
  const { commit } = await signProposal(proposal, addMilliseconds(header.time, 1_000), sign);
  const answers: Readonly<Record<string, unknown>> = {
    block: { block: Block.toJson(block) },
    commit: { signed_header: { header: {}, commit: Commit.toJson(commit) }, canonical: false },
  };
  const rpc: CometRpc = { call: async (method) => answers[method], close() {} };

  const store = openChainStore(kv, [tallyVersion]);
  const failed = Promise.withResolvers<never>();
  const published = Promise.withResolvers<void>();
  const follower = createFollower({
    ...{ rpc, kv, store, ledger, crypto: portableCrypto, publish: () => published.resolve(), fail: failed.reject },
    start: { tip: before, earliestHeight: undefined },
    tipBeforeFirst: async () => before,
  });
  follower.committed(1, { txs: [], record: { ...finalized, maxBlockBytes: testGenesis.parameters.maxBlockBytes } });
  await Promise.race([published.promise, failed.promise]);
  await follower.stop();
  return { tip: follower.tip, stored: store.block(1), block, commit };
}

describe("a final block", () => {
  it("is copied into the store", async () => {
    const { tip, stored, block, commit } = await follow(noEvidence);
    expect([stored, tip.commit]).toEqual([block, commit]);
  });

  it("is, too, when one validator's evidence in it is as odd as it may be", async () => {
    const file = new URL("../../../ledger/src/block/testing/comet-evidence.json", import.meta.url);
    const { bytes } = JSON.parse(readFileSync(file, "utf8")) as { bytes: string };
    const evidence = Block.fields.find(([key]) => key === "evidence")![1].fromPayloads([hexToBytes(bytes)!]) as Block["evidence"];
    const { stored, block } = await follow(evidence);
    expect(stored).toEqual(block);
  });
});
