import { readObject } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { requestJson } from "../client/send-request.ts";
import { readAsProof } from "./fetch-proof.ts";
import { type TransactionProof, transactionProofFromJson } from "./transaction-proof.ts";

/** The proof of a transaction and its result; not checked yet. Rejects with GalenError, api/NotFound among them. */
export async function fetchTransactionProof(client: Client, txHash: string): Promise<TransactionProof> {
  const answer = readObject(await requestJson(client, { path: `/v1/transactions/${encodeURIComponent(txHash)}/proof` }), "proof");
  const proof = readAsProof(() => transactionProofFromJson(answer, client.crypto));
  if (proof.txHash !== txHash) throw galenError(clientErrors.UnexpectedAnswer({ field: "txHash" }));
  return proof;
}
