import { errors as txErrors } from "@galen/ledger/tx/errors";
import type { Client } from "../client/client.ts";
import { clientErrors, GalenError } from "../client/galen-error.ts";
import { requestJson } from "../client/send-request.ts";
import { buildTransaction, type SignedTransaction, type TransactionOptions } from "./build-transaction.ts";
import { type ExecutedTransaction, readExecuted } from "./executed-transaction.ts";
import { waitForTransaction } from "./wait-for-transaction.ts";

/** Signs a transaction, sends it, and resolves when it is durable in a block. Rejects with GalenError, the ledger's refusals among them. */
export async function submit(client: Client, options: TransactionOptions): Promise<ExecutedTransaction> {
  return submitSigned(client, await buildTransaction(client, options));
}

/**
 * Whether an answer leaves open what became of the transaction, which may be in a block, or will be: it says something of the node or the way to it, and the same bytes
 * may have come before. A ledger's refusal has a status below 500.
 */
function isUnsettled({ id, status }: GalenError): boolean {
  return status >= 500 || status === 429 || id === txErrors.Replayed.kind.id;
}

/** What leaves in doubt what became of a transaction: no answer, also from a proxy, or one of a node that broke down or ended while the transaction waited, or may have. */
const doubts: readonly string[] = [
  clientErrors.TimedOut.kind.id,
  clientErrors.Unreachable.kind.id,
  clientErrors.UnexpectedAnswer.kind.id,
  "api/Internal",
  "engine/NotReady",
  "engine/Stopping",
  "engine/StorageFailed",
  "engine/Halted",
];

/** Whether `submitSigned` rejected with this although the transaction may take effect. Sent again, the same bytes count once; signed anew, it would count again. */
export function isInDoubt(error: unknown): boolean {
  return error instanceof GalenError && doubts.includes(error.id);
}

/**
 * Sends a signed transaction and resolves when it is durable in a block. Bytes that were sent before, by this call or an earlier one, are not
 * executed again: their first outcome is the answer. Rejects like `submit`.
 */
export async function submitSigned(client: Client, { bytes, txHash }: SignedTransaction): Promise<ExecutedTransaction> {
  const request = { method: "POST", path: "/v1/transactions", body: bytes, contentType: "application/cbor" } as const;
  try {
    return readExecuted(await requestJson(client, request));
  } catch (error) {
    if (!(error instanceof GalenError) || !isUnsettled(error)) throw error;
    return outcomeOf(client, txHash, error);
  }
}

/** The outcome of a transaction whose sending ended in doubt; `doubt` if the node has never seen it. Who is left in doubt hears which transaction to look for. */
async function outcomeOf(client: Client, txHash: string, doubt: GalenError): Promise<ExecutedTransaction> {
  try {
    return await waitForTransaction(client, txHash);
  } catch (error) {
    if (!(error instanceof GalenError)) throw error;
    const told = error.id === "api/NotFound" ? doubt : error;
    throw new GalenError({ ...told, txHash }, { cause: told.cause });
  }
}
