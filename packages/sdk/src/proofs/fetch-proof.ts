import { SchemaError } from "@galen/ledger/schema/schema-error";
import { readObject } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { requestJson } from "../client/send-request.ts";
import { type StateProof, stateProofFromJson } from "./state-proof.ts";

/** The proof of a state key at a height, default the latest; not checked yet: `verifyState` does. Rejects with GalenError. */
export async function fetchStateProof(client: Client, key: string, height?: number): Promise<StateProof> {
  const answer = readObject(await requestJson(client, { path: "/v1/state", query: { key, height } }), "state");
  const proof = readProof(() => stateProofFromJson(answer, client.crypto));
  if (proof.key !== key || (height !== undefined && proof.height !== height)) {
    throw galenError(clientErrors.UnexpectedAnswer({ field: "key", key: proof.key, height: proof.height }));
  }
  return proof;
}

/** Runs a reader; what does not have the form of a header or commit becomes client/UnexpectedAnswer. */
function readProof<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof SchemaError
      ? galenError(clientErrors.UnexpectedAnswer({ field: cause.path, reason: cause.reason }), { cause })
      : cause;
  }
}
