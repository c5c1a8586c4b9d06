import { accounts } from "@galen/ledger/modules/accounts/state";
import { credentials } from "@galen/ledger/modules/credentials/state";
import { documents } from "@galen/ledger/modules/records/state";
import { grants, objects, releases } from "@galen/ledger/modules/vault/state";
import type { Client } from "../client/client.ts";
import { clientErrors, GalenError, galenError } from "../client/galen-error.ts";
import { fetchStateProofs } from "./fetch-proof.ts";
import { fetchTransactionProof } from "./fetch-transaction-proof.ts";
import { type Proof, type VerifiedProofs, verifyProofs } from "./proof-file.ts";
import { type StateProof, verifyStates } from "./state-proof.ts";
import { verifyPresent } from "./verify-present.ts";

/** What an id turned out to name. */
export type SubjectKind = "document" | "object" | "grant" | "release" | "credential" | "account" | "transaction" | "absent";

export interface VerifiedSubject extends VerifiedProofs {
  readonly kind: SubjectKind;
  /** For `createProofFile`. */
  readonly proofs: readonly Proof[];
}

/** Under which keys an id of 32 bytes may stand. The first kinds found name the subject; a document is an object as well. */
const places: readonly (readonly [SubjectKind, (id: string) => string])[] = [
  ["document", documents.keyOf],
  ["object", objects.keyOf],
  ["grant", grants.keyOf],
  ["release", releases.keyOf],
  ["credential", credentials.keyOf],
  ["account", accounts.keyOf],
];

/**
 * Finds out what an id names on the ledger and proves it: header, commit and path are fetched from the node and checked here, against the client's
 * `trust`. An id that names nothing is `absent`, with a proof for each kind of record; that no transaction has it is the node's word alone, for blocks
 * are not part of the state. Rejects with GalenError `proof/…` where a proof does not hold.
 *
 * @param id hex, 32 bytes
 */
export async function verifySubject(client: Client, id: string): Promise<VerifiedSubject> {
  if (!/^[0-9a-f]{64}$/.test(id)) throw galenError(clientErrors.NotAnId());
  return verifyPresent(client, async (context) => {
    const [transaction, records] = await Promise.all([findTransaction(client, id), fetchRecords(client, id)]);
    const { kind, proofs } = transaction ?? subjectOf(records);
    // Also those that are not shown: what is not there decides the kind as much as what is.
    if (!transaction) verifyStates(records, context());
    // A transaction may lie far back, under validators of its time.
    const { maxStateAgeMs: _, ...past } = context();
    return { kind, proofs, ...verifyProofs(proofs, kind === "transaction" ? past : context()) };
  });
}

async function findTransaction(client: Client, id: string): Promise<Pick<VerifiedSubject, "kind" | "proofs"> | undefined> {
  try {
    return { kind: "transaction", proofs: [await fetchTransactionProof(client, id)] };
  } catch (error) {
    if (error instanceof GalenError && error.id === "api/NotFound") return undefined;
    throw error;
  }
}

function fetchRecords(client: Client, id: string): Promise<StateProof[]> {
  return fetchStateProofs(
    client,
    places.map(([, keyOf]) => keyOf(id)),
  );
}

/** What an id names, by a proof for each of the places. */
function subjectOf(proofs: readonly StateProof[]): Pick<VerifiedSubject, "kind" | "proofs"> {
  const present = proofs.filter(({ value }) => value !== undefined);
  if (present.length === 0) return { kind: "absent", proofs };
  return { kind: places[proofs.indexOf(present[0]!)]![0], proofs: present };
}
