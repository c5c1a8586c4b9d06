import { openLedger } from "@galen/ledger/app/ledger";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { describe, expect, it } from "vitest";
import { addTx, testGenesis } from "../../embedded/testing/test-engine.ts";
import { createAdmission } from "../../pool/admission.ts";
import { createMempool } from "../../pool/mempool.ts";
import { CheckTxType, methods, Verdict } from "../abci/messages.ts";
import { decided } from "../testing/test-consensus.ts";
import { createCheckTx } from "./check-tx.ts";
import { createConsensus } from "./consensus.ts";
import { createKnownTransactions } from "./known-transactions.ts";
import { createSignatureCheck } from "./signature-check.ts";

const { sha256 } = portableCrypto;
const { request } = methods.processProposal;

/** An application whose verifications are counted; all that it is given comes in bytes of its own, as from a socket. */
async function openCounting({ maxProposedBytes }: { readonly maxProposedBytes?: number } = {}) {
  const ledger = await openLedger({ kv: createMemoryStore(), crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
  const pool = createMempool({ maxTxs: 100, maxBytes: 1_000_000 });
  const admission = createAdmission({ ledger, pool, sha256, maxTxBytes: () => 50_000, report: () => expect.unreachable() });
  let verified = 0;
  const signatures = createSignatureCheck(ledger, async () => {
    verified += 1;
    return true;
  });
  let looked = 0;
  const countedSha256: Sha256 = (data) => {
    looked += 1;
    return sha256(data);
  };
  const known = createKnownTransactions({ pool, sha256: countedSha256, ...(maxProposedBytes === undefined ? {} : { maxProposedBytes }) });
  const { checkTx } = createCheckTx({ ledger, pool, admission, signatures, sha256, report: () => {} });
  const { prepareProposal, processProposal, finalizeBlock, commit } = createConsensus({
    ...{ ledger, genesis: testGenesis, crypto: portableCrypto, signatures, known },
    retainHeight: () => 0,
    onExecuted: admission.renew,
    onCommit: [],
  });
  const copies = (txs: readonly Uint8Array[]) => txs.map((tx) => tx.slice());
  return {
    verified: () => verified,
    looked: () => looked,
    check: async (tx: Uint8Array) => checkTx({ tx: tx.slice(), type: CheckTxType.new }),
    prepare: (txs: readonly Uint8Array[]) => prepareProposal({ txs: copies(txs), maxTxBytes: 1_000_000, height: 1 }),
    process: (txs: readonly Uint8Array[]) => processProposal(request.decode(request.encode(decided(1, txs)))),
    finalize: (txs: readonly Uint8Array[], height = 1) => finalizeBlock(decided(height, copies(txs))),
    commit: () => commit({}),
  };
}

describe("a transaction's signatures are verified once", () => {
  const txs = [addTx("a"), addTx("b"), addTx("c")];

  it("from its check to its block", async () => {
    const { check, prepare, process, finalize, verified } = await openCounting();
    for (const tx of txs) await check(tx);
    expect((await prepare(txs)).txs).toEqual(txs);
    expect(await process(txs)).toEqual({ status: Verdict.accept });
    expect((await finalize(txs)).txResults.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(verified()).toBe(txs.length);
  });

  it("and a proposal of what is too short for one is rejected without a look at any", async () => {
    const { process, looked } = await openCounting();
    expect(await process([...txs, new Uint8Array(0)])).toEqual({ status: Verdict.reject });
    expect(looked()).toBe(0);
  });

  it("when a proposal brings it first, over all rounds", async () => {
    const { process, finalize, verified } = await openCounting();
    await process(txs.slice(0, 2));
    await process(txs);
    await finalize(txs);
    expect(verified()).toBe(txs.length);
  });

  it("in each height that proposes it, for nothing that was only proposed is kept", async () => {
    const { process, finalize, commit, verified } = await openCounting();
    await process(txs);
    await finalize([]);
    await commit();
    await finalize(txs, 2);
    expect(verified()).toBe(2 * txs.length);
  });

  it("unless more was proposed than is remembered, however many rounds a height has", async () => {
    const { process, verified } = await openCounting({ maxProposedBytes: 1 });
    await process(txs);
    await process(txs);
    expect(verified()).toBe(2 * txs.length);
  });
});
