import { readObject } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { requestJson } from "../client/send-request.ts";
import { type ExecutedTransaction, readExecuted } from "./executed-transaction.ts";

const POLL_MS = 100;

/**
 * Resolves when a transaction is durable in a block. Rejects with GalenError: the ledger's refusal if it was refused, api/NotFound if the node has
 * never seen it, client/TimedOut.
 */
export async function waitForTransaction(
  client: Client,
  txHash: string,
  { timeoutMs = client.timeoutMs }: { readonly timeoutMs?: number } = {},
): Promise<ExecutedTransaction> {
  for (const deadline = client.now() + timeoutMs; client.now() <= deadline; ) {
    const answer = readObject(await requestJson(client, { path: `/v1/transactions/${encodeURIComponent(txHash)}` }), "transaction");
    if (answer.pending !== true) return readExecuted(answer);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw galenError(clientErrors.TimedOut({ timeoutMs }), { txHash });
}
