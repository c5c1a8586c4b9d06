import { consensusResult } from "@galen/engines/chain/tip";
import { proveTx } from "@galen/ledger/block/data";
import { proveResult } from "@galen/ledger/block/results";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Backend } from "../backend.ts";
import { errors } from "./api-error.ts";
import { signedHeaderJson, validatorsJson } from "./json.ts";
import { sealedHeader } from "./sealed-header.ts";

/**
 * All that a stranger needs to check that a transaction stands in a block and had its result: the path to `data_hash` of its header, and the
 * path to `last_results_hash` of the next one. Throws Refusal api/NotFound, api/NotYetSealed.
 */
export async function proveTransaction(backend: Backend, txHash: string, signal: AbortSignal) {
  const { engine, crypto } = backend;
  const executed = engine.tx(txHash);
  if (!executed) throw errors.NotFound({ txHash });
  const { height, index, result } = executed;
  const { txs } = engine.block(height)!.data;
  const results = engine.outcomes(height)!.map(consensusResult);
  return {
    txHash,
    height,
    index,
    total: txs.length,
    bytes: bytesToHex(txs[index]!),
    inclusion: proveTx(txs, index, crypto.sha256).aunts.map(bytesToHex),
    result: { code: result.code, data: bytesToHex(result.data) },
    resultInclusion: proveResult(results, index, crypto.sha256).aunts.map(bytesToHex),
    signedHeader: signedHeaderJson(engine.commit(height)!),
    nextSignedHeader: signedHeaderJson(await sealedHeader(engine, height + 1, signal)),
    validators: await validatorsJson(backend, height),
    nextValidators: await validatorsJson(backend, height + 1),
    events: result.events.map(({ leaf }) => bytesToHex(leaf)),
  };
}
