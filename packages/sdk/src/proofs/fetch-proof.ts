import { SchemaError } from "@galen/ledger/schema/schema-error";
import { readObject } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { requestJson } from "../client/send-request.ts";
import { type StateProof, stateProofFromJson, stateProofsFromJson } from "./state-proof.ts";

/** The proof of a state key at a height, default the latest; not checked yet: `verifyProofs` does. Rejects with GalenError. */
export async function fetchStateProof(client: Client, key: string, height?: number): Promise<StateProof> {
  const answer = readObject(await requestJson(client, { path: "/v1/state", query: { key, height } }), "state");
  const proof = readAsProof(() => stateProofFromJson(answer, client.crypto));
  if (proof.key !== key || (height !== undefined && proof.height !== height)) {
    throw galenError(clientErrors.UnexpectedAnswer({ field: "key", key: proof.key, height: proof.height }));
  }
  return proof;
}

/** Proofs of several state keys, at most 128, under one header, in the order of the keys; not checked yet. Rejects with GalenError. */
export async function fetchStateProofs(client: Client, keys: readonly string[]): Promise<StateProof[]> {
  const body = new TextEncoder().encode(JSON.stringify({ keys }));
  const request = { method: "POST", path: "/v1/state/proofs", body, contentType: "application/json" } as const;
  const answer = readObject(await requestJson(client, request), "proofs");
  const proofs = readAsProof(() => stateProofsFromJson(answer, client.crypto));
  if (proofs.length !== keys.length || proofs.some(({ key }, index) => key !== keys[index])) {
    throw galenError(clientErrors.UnexpectedAnswer({ field: "records" }));
  }
  return proofs;
}

/** What does not have the form of a header or commit becomes client/UnexpectedAnswer. */
export function readAsProof<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof SchemaError)) throw cause;
    throw galenError(clientErrors.UnexpectedAnswer({ field: cause.path, reason: cause.reason }), { cause });
  }
}
