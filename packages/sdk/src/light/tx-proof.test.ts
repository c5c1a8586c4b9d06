import { dataHash, proveTx } from "@galen/ledger/block/data";
import { headerHash } from "@galen/ledger/block/header";
import { proveResult, resultsHash, type TxResult } from "@galen/ledger/block/results";
import { createHeader } from "@galen/ledger/block/testing/signed-chain";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { describe, expect, it } from "vitest";
import { signersOfSet } from "./testing/test-chain.ts";
import { type TxProof, txProofFault } from "./tx-proof.ts";

const { sha256 } = portableCrypto;
const signers = signersOfSet(0);
const txs = [1, 2, 3, 4, 5].map((byte) => new Uint8Array(30).fill(byte));
const results = txs.map((tx, index): TxResult => ({ code: index, data: sha256(tx), gasWanted: 100, gasUsed: 7 }));
const header = createHeader(7, signers, signers, { dataHash: dataHash(txs, sha256) });
const lastBlockId = { hash: headerHash(header, sha256), parts: { total: 1, hash: sha256(new Uint8Array()) } };
const nextHeader = createHeader(8, signers, signers, { lastBlockId, lastResultsHash: resultsHash(results, sha256) });

const proofOf = (at: number): TxProof => ({
  tx: txs[at]!,
  txInclusion: proveTx(txs, at, sha256),
  result: results[at]!,
  resultInclusion: proveResult(results, at, sha256),
  header,
});
const [second, third] = [proofOf(1), proofOf(2)];

describe("a transaction and its result", () => {
  it.each([
    ["as they are", second, undefined],
    ["another transaction", { ...second, tx: third.tx }, "tx-not-in-block"],
    ["another result", { ...second, result: third.result }, "result-not-in-block"],
    ["an altered result", { ...second, result: { ...second.result, code: 0 } }, "result-not-in-block"],
    [
      "the result of its neighbour, proven",
      { ...second, result: third.result, resultInclusion: third.resultInclusion },
      "result-of-another-tx",
    ],
    ["an altered header", { ...second, header: { ...header, dataHash: sha256(txs[0]!) } }, "header-not-linked"],
    ["the wrong header", { ...second, header: nextHeader }, "header-not-linked"],
  ] as [string, TxProof, string | undefined][])("%s", (_, proof, fault) => {
    expect(txProofFault(proof, nextHeader, portableCrypto)).toBe(fault);
  });
});
