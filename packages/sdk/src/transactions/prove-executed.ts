import type { Client } from "../client/client.ts";
import { GalenError, galenError } from "../client/galen-error.ts";
import { fetchTransactionProof } from "../proofs/fetch-transaction-proof.ts";
import { eventIn } from "../proofs/known-form.ts";
import { proofErrors } from "../proofs/proof-error.ts";
import { verifyTransaction } from "../proofs/transaction-proof.ts";
import { verifyPresent } from "../proofs/verify-present.ts";
import type { ExecutedTransaction, TransactionEvent } from "./executed-transaction.ts";

/**
 * Proves under the client's trust that a transaction of which a node says so was executed, and gives what it did; events that only later rules know are left
 * out. Rejects with GalenError `proof/…`, proof/OutcomeNotProven when the node has no proof or one of a refusal; what stays in doubt names the transaction.
 */
export async function proveExecuted(client: Client, txHash: string): Promise<ExecutedTransaction> {
  try {
    const { height, index, result, events } = await verifyPresent(client, async (context) => {
      const proof = await fetchTransactionProof(client, txHash);
      // Bytes that were sent before may stand far back, under validators of that time.
      const { maxStateAgeMs: _, ...past } = context();
      verifyTransaction(proof, past);
      return proof;
    });
    if (result.code !== 0) throw galenError(proofErrors.OutcomeNotProven({ height, code: result.code }));
    return { txHash, height, index, events: events.map(eventOf).filter((event) => event !== undefined) };
  } catch (error) {
    if (!(error instanceof GalenError)) throw error;
    const told = error.id === "api/NotFound" ? galenError(proofErrors.OutcomeNotProven()) : error;
    throw new GalenError({ ...told, txHash }, { cause: error });
  }
}

function eventOf(leaf: Uint8Array): TransactionEvent | undefined {
  const known = eventIn(leaf);
  return known && { type: known.name, data: known.value as TransactionEvent["data"] };
}
