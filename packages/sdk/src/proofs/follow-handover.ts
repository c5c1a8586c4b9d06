import type { Genesis } from "@galen/ledger/app/genesis";
import { successorHash } from "@galen/ledger/app/genesis";
import { announcement } from "@galen/ledger/modules/handover/index";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { readObject } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { requestJson } from "../client/send-request.ts";
import { genesis } from "../client/status.ts";
import { proofErrors } from "./proof-error.ts";
import type { ProofContext } from "./signed-header.ts";
import { type StateProof, stateProofFromJson, verifyState } from "./state-proof.ts";
import { type Trust, trustOfGenesis, withEarlierSet } from "./trust.ts";

/**
 * Follows a chain into the network that it named as its last act: the validators that `trust` names signed the announcement, and it names the genesis
 * document of the client's node. Gives the trust in that network; proofs of the old chain still count under it. Rejects with GalenError
 * proof/NotTheSuccessor and as `verifyState` does.
 */
export async function followHandover(client: Client, trust: Trust): Promise<{ readonly genesis: Genesis; readonly trust: Trust }> {
  const { crypto, now } = client;
  const document = await genesis(client);
  const proof = await fetchHandover(client);
  // A chain's last act is signed by its last validators: the keys of those before them may not be guarded any more.
  const { height } = verifyHandover(proof, document, { trust: { ...trust, earlier: [] }, crypto, nowMs: now() });
  return { genesis: document, trust: withEarlierSet(trustOfGenesis(document, crypto), trust, height) };
}

/**
 * Checks that a chain named the network of a genesis document as its successor, and gives where the chain ended. Throws GalenError proof/NotTheSuccessor and
 * as `verifyState` does.
 */
export function verifyHandover(proof: StateProof, document: Genesis, context: ProofContext): NonNullable<Genesis["predecessor"]> {
  const { trust, crypto } = context;
  verifyState(proof, context);
  const named = proof.key === announcement.keyOf("current") && proof.value ? announcement.decode(proof.value) : undefined;
  const { predecessor } = document;
  if (!predecessor || named?.chainId !== document.chainId || named.successorHash !== successorHash(document, crypto))
    throw galenError(proofErrors.NotTheSuccessor({ chainId: document.chainId, trusted: trust.chainId }));
  return predecessor;
}

async function fetchHandover(client: Client): Promise<StateProof> {
  const answer = readObject(await requestJson(client, { path: "/v1/handover" }), "handover");
  try {
    return stateProofFromJson(answer, client.crypto);
  } catch (cause) {
    if (!(cause instanceof SchemaError)) throw cause;
    throw galenError(clientErrors.UnexpectedAnswer({ field: cause.path, reason: cause.reason }), { cause });
  }
}
