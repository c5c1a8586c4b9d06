import { equalBytes } from "@galen/ledger/crypto/bytes";
import { bodyBytesOf } from "@galen/ledger/tx/transaction";
import type { Client } from "../client/client.ts";
import { GalenError, galenError, isNoVerdict } from "../client/galen-error.ts";
import { fetchTransactionProof } from "../proofs/fetch-transaction-proof.ts";
import { eventIn } from "../proofs/known-form.ts";
import { proofErrors } from "../proofs/proof-error.ts";
import { type TransactionProof, verifyTransaction } from "../proofs/transaction-proof.ts";
import { verifyPresent } from "../proofs/verify-present.ts";
import type { SignedTransaction } from "./build-transaction.ts";
import type { ExecutedTransaction, TransactionEvent } from "./executed-transaction.ts";

const POLL_MS = 200;

/**
 * Proves under the client's trust that a transaction of which a node says so was executed, and gives what it did; events that only later rules know are left
 * out. It has the body that was sent: with its signatures in another order, or other receipts, it has another hash. Rejects with GalenError `proof/…`,
 * proof/OutcomeNotProven when the node has no proof within `lookMs` or one of a refusal; what stays in doubt names what was sent.
 *
 * @param txHash of the form that was executed, as the node tells it
 */
export async function proveExecuted(
  client: Client,
  sent: Pick<SignedTransaction, "bytes" | "txHash">,
  txHash: string,
): Promise<ExecutedTransaction> {
  try {
    const { height, index, result, events } = await verifyPresent(client, async (context) => {
      const proof = await lookForProof(client, txHash);
      // Bytes that were sent before may stand far back, under validators of that time.
      const { maxStateAgeMs: _, ...past } = context();
      verifyTransaction(proof, past);
      if (!equalBytes(bodyBytesOf(proof.bytes), bodyBytesOf(sent.bytes))) throw galenError(proofErrors.OutcomeNotProven());
      return proof;
    });
    if (result.code !== 0) throw galenError(proofErrors.OutcomeNotProven({ height, code: result.code }));
    return { txHash, height, index, events: events.map(eventOf).filter((event) => event !== undefined) };
  } catch (error) {
    if (!(error instanceof GalenError)) throw error;
    const told = isUnknown(error) ? galenError(proofErrors.OutcomeNotProven()) : error;
    throw new GalenError({ ...told, txHash: sent.txHash }, { cause: error });
  }
}

/** One address may stand for several nodes: the one that is asked now may lag behind the one that told, or be away. */
async function lookForProof(client: Client, txHash: string): Promise<TransactionProof> {
  for (const deadline = client.now() + client.lookMs; ; ) {
    try {
      return await fetchTransactionProof(client, txHash);
    } catch (error) {
      const mayPass = isUnknown(error) || (error instanceof GalenError && isNoVerdict(error));
      if (!mayPass || client.now() >= deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof GalenError && error.id === "api/NotFound";
}

function eventOf(leaf: Uint8Array): TransactionEvent | undefined {
  const known = eventIn(leaf);
  return known && { type: known.name, data: known.value as TransactionEvent["data"] };
}
