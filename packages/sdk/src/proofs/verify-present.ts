import type { Client } from "../client/client.ts";
import { clientErrors, GalenError, galenError } from "../client/galen-error.ts";
import { followValidators } from "./follow-validators.ts";
import { proofErrors } from "./proof-error.ts";
import type { ProofContext } from "./signed-header.ts";

/**
 * Fetches and checks something of the present under the client's trust. When other validators sign by now, their change is followed by verified headers
 * and the check made again; the client trusts them from then on. Rejects with GalenError client/NoTrust, proof/ValidatorsNotFollowed, and as `check` does.
 */
export async function verifyPresent<T>(client: Client, check: (context: () => ProofContext) => Promise<T>): Promise<T> {
  try {
    return await check(presentContext(client));
  } catch (error) {
    if (!(error instanceof GalenError) || error.id !== proofErrors.ValidatorsNotTrusted.kind.id) throw error;
  }
  client.trust = await followValidators(client);
  await client.onTrust?.(client.trust);
  return check(presentContext(client));
}

/** What a proof is checked by, at the time when it has come. */
function presentContext({ trust, crypto, now, maxStateAgeMs }: Client): () => ProofContext {
  if (!trust) throw galenError(clientErrors.NoTrust());
  return () => ({ trust, crypto, nowMs: now(), maxStateAgeMs });
}
