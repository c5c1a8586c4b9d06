import type { Submission } from "@galen/engines";
import { blobsOf, refusedResult } from "@galen/ledger/app/execute";
import { Refusal } from "@galen/ledger/app/refusal";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Backend } from "../backend.ts";
import { errors as blobErrors } from "../blobs/blob-error.ts";

/** Hands a client's transaction to the engine, whichever way it came, if the node holds its blobs. What refuses it is the result. */
export async function admitTransaction(backend: Backend, bytes: Uint8Array): Promise<Submission> {
  try {
    requireBlobs(backend, bytes);
    return await backend.engine.submit(bytes);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: "refused", txHash: bytesToHex(backend.crypto.sha256(bytes)), result: refusedResult(error) };
  }
}

/** A receipt does not age, but a blob that no transaction named is swept: what is named too late must be stored again. */
function requireBlobs({ ledger, blobs }: Backend, bytes: Uint8Array): void {
  const missing = blobsOf(ledger.version, ledger.prepare(bytes)).find((address) => !blobs.has(address));
  if (missing !== undefined) throw blobErrors.Missing({ address: missing });
}
