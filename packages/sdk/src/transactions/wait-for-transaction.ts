import { readObject } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { clientErrors, GalenError, galenError, isNoVerdict } from "../client/galen-error.ts";
import { requestJson } from "../client/send-request.ts";
import { type ExecutedTransaction, readExecuted } from "./executed-transaction.ts";

const POLL_MS = 100;
/** A node that restarts takes seconds, and one that is busy wants fewer questions. */
const POLL_AWAY_MS = 1_000;

/**
 * Resolves when a transaction is durable in a block. A node that is away or busy is asked again until the time is over. Rejects with GalenError: the ledger's
 * refusal if it was refused, api/NotFound if the node has never seen it, client/TimedOut, or why the node told nothing at last.
 */
export async function waitForTransaction(
  client: Client,
  txHash: string,
  { timeoutMs = client.timeoutMs }: { readonly timeoutMs?: number } = {},
): Promise<ExecutedTransaction> {
  let silence: GalenError | undefined;
  for (const deadline = client.now() + timeoutMs; client.now() <= deadline; ) {
    try {
      const answer = readObject(await requestJson(client, { path: `/v1/transactions/${encodeURIComponent(txHash)}` }), "transaction");
      if (answer.pending !== true) return readExecuted(answer);
      silence = undefined;
    } catch (error) {
      if (!(error instanceof GalenError) || !isNoVerdict(error)) throw error;
      silence = error;
    }
    await new Promise((resolve) => setTimeout(resolve, silence ? POLL_AWAY_MS : POLL_MS));
  }
  const told = silence ?? galenError(clientErrors.TimedOut({ timeoutMs }));
  throw new GalenError({ ...told, txHash }, { cause: told.cause });
}
