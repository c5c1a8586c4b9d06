import { errors as txErrors } from "@galen/ledger/tx/errors";
import type { Client } from "../client/client.ts";
import { GalenError, isNoVerdict } from "../client/galen-error.ts";
import { requestJson } from "../client/send-request.ts";
import { buildTransaction, type SignedTransaction, type TransactionOptions } from "./build-transaction.ts";
import { type ExecutedTransaction, readExecuted } from "./executed-transaction.ts";
import { proveExecuted } from "./prove-executed.ts";
import { waitForTransaction } from "./wait-for-transaction.ts";

/** Signs a transaction, sends it, and resolves as `submitSigned` does. Rejects with GalenError, the ledger's refusals among them. */
export async function submit(client: Client, options: TransactionOptions): Promise<ExecutedTransaction> {
  return submitSigned(client, await buildTransaction(client, options));
}

/**
 * Sends a signed transaction and resolves when it is durable in a block; to a client that trusts somebody that is proven, with all its events. Bytes that were
 * sent before, by this call or an earlier one, are not executed again: their first outcome is the answer. Rejects like `submit`.
 */
export async function submitSigned(client: Client, signed: SignedTransaction): Promise<ExecutedTransaction> {
  const told = await sendSigned(client, signed);
  return client.trust ? proveExecuted(client, signed, told.txHash) : told;
}

/** Like `submitSigned`, by the node's word alone: for what others than this node answer to. */
export async function sendSigned(client: Client, { bytes, txHash }: SignedTransaction): Promise<ExecutedTransaction> {
  const request = { method: "POST", path: "/v1/transactions", body: bytes, contentType: "application/cbor" } as const;
  try {
    return readExecuted(await requestJson(client, request));
  } catch (error) {
    // A node that is too busy for bytes that come again may have executed them when they came first.
    if (!(error instanceof GalenError) || !(isNoVerdict(error) || error.id === txErrors.Replayed.kind.id)) throw error;
    return outcomeOf(client, txHash, error);
  }
}

/** The outcome of a transaction whose sending ended in doubt; `doubt` if the node has never seen it. Who is left in doubt hears which transaction to look for. */
async function outcomeOf(client: Client, txHash: string, doubt: GalenError): Promise<ExecutedTransaction> {
  try {
    return await waitForTransaction(client, txHash, { timeoutMs: client.lookMs });
  } catch (error) {
    if (!(error instanceof GalenError)) throw error;
    const told = error.id === "api/NotFound" ? doubt : error;
    throw new GalenError({ ...told, txHash }, { cause: told.cause });
  }
}
