import { setTimeout as pause } from "node:timers/promises";
import type { ExecutedTx } from "@galen/engines/chain/chain-store";
import type { TxResult } from "@galen/ledger/app/execute";
import { Refusal } from "@galen/ledger/app/refusal";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { Hash, OneOf } from "@galen/ledger/schema/types";
import { errors as txErrors } from "@galen/ledger/tx/errors";
import { bodyBytesOf, MAX_TRANSACTION_BYTES } from "@galen/ledger/tx/transaction";
import type { Backend } from "../../backend.ts";
import { admitTransaction } from "../admit-transaction.ts";
import { AdmittedAnswer, ExecutedAnswer, PendingAnswer, TransactionAnswer, TransactionProofAnswer } from "../answers.ts";
import { errors } from "../api-error.ts";
import { optional, required } from "../fields.ts";
import { eventJson } from "../json.ts";
import { problemAnswer } from "../problem.ts";
import { type Answer, defineRoute } from "../route.ts";
import { proveTransaction } from "../transaction-proof.ts";

/** A block takes milliseconds; who waits longer asks by the hash. */
const COMMIT_TIMEOUT_MS = 10_000;
const POLL_MS = 50;

const submit = defineRoute({
  method: "POST",
  path: "/v1/transactions",
  summary: "Send a signed transaction; by default the answer comes when it is durable in a block.",
  query: { wait: optional(OneOf("committed", "admitted")) },
  body: { type: "application/cbor", maxBytes: MAX_TRANSACTION_BYTES },
  answers: { 200: ExecutedAnswer, 202: AdmittedAnswer },
  async handle(backend, { body, query }) {
    const { engine, crypto } = backend;
    const txHash = bytesToHex(crypto.sha256(body));
    try {
      const { kind, result } = await admitTransaction(backend, body);
      if (kind === "refused") return (await otherFormOf(backend, body, result)) ?? problemAnswer(result.refusal!, { txHash });
      if (query.wait === "admitted") return { status: 202, body: { txHash } };
      return committedAnswer(await engine.waitFor(txHash, { timeoutMs: COMMIT_TIMEOUT_MS }));
    } catch (error) {
      if (error instanceof Refusal) return problemAnswer(error, { txHash });
      throw error;
    }
  },
});

/**
 * What became of the form in which a body was executed, if these bytes are another one: whoever sees a transaction on its way can put its signatures into another
 * order, which changes its name and nothing else.
 */
async function otherFormOf(backend: Backend, bytes: Uint8Array, { refusal }: TxResult): Promise<Answer | undefined> {
  const { engine, crypto } = backend;
  if (refusal?.id !== txErrors.Replayed.kind.id || engine.tx(bytesToHex(crypto.sha256(bytes)))) return undefined;
  const block = engine.block(await heightOfBody(backend, bytes));
  const body = bodyBytesOf(bytes);
  const executed = block?.data.txs.find((tx) => equalBytes(bodyBytesOf(tx), body));
  const found = executed && engine.tx(bytesToHex(crypto.sha256(executed)));
  return found && committedAnswer(found);
}

/** Waits for the block where the other form still waits for it; 0 if it has not come in time. */
async function heightOfBody({ ledger, engine }: Backend, bytes: Uint8Array): Promise<number> {
  const prepared = ledger.prepare(bytes);
  for (let waited = 0; waited < COMMIT_TIMEOUT_MS; waited += POLL_MS) {
    const height = ledger.executedAt(prepared);
    if (height !== undefined && height <= engine.status().height) return height;
    await pause(POLL_MS);
  }
  return 0;
}

function committedAnswer({ txHash, height, index, result }: ExecutedTx): Answer {
  if (result.refusal) return problemAnswer(result.refusal, { txHash });
  return { body: { txHash, height, index, events: result.events.map(eventJson) } };
}

const lookUp = defineRoute({
  method: "GET",
  path: "/v1/transactions/:txHash",
  summary: "What became of a transaction.",
  params: { txHash: required(Hash) },
  answers: { 200: TransactionAnswer, 202: PendingAnswer },
  async handle(backend, { params: { txHash } }) {
    const executed = backend.engine.tx(txHash);
    if (executed) return { body: executedJson(backend, executed) };
    if (backend.engine.isPending(txHash)) return { status: 202, body: { txHash, pending: true } };
    throw errors.NotFound({ txHash });
  },
});

function executedJson({ engine }: Backend, { txHash, height, index, result }: ExecutedTx) {
  const bytes = engine.block(height)!.data.txs[index]!;
  const { code, data, events } = result;
  const refusal = result.refusal ?? null;
  return { txHash, height, index, bytes: bytesToHex(bytes), code, refusal, data: bytesToHex(data), events: events.map(eventJson) };
}

const proof = defineRoute({
  method: "GET",
  path: "/v1/transactions/:txHash/proof",
  summary: "A transaction and its result with the paths to two signed headers.",
  params: { txHash: required(Hash) },
  answers: { 200: TransactionProofAnswer },
  handle: async (backend, { params, signal }) => ({ body: await proveTransaction(backend, params.txHash, signal) }),
});

export const transactionRoutes = [submit, lookUp, proof];
