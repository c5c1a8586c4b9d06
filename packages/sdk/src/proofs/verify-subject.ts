import { accounts } from "@galen/ledger/modules/accounts/state";
import { credentials } from "@galen/ledger/modules/credentials/state";
import { documents } from "@galen/ledger/modules/records/state";
import { grants, objects, releases } from "@galen/ledger/modules/vault/state";
import type { Client } from "../client/client.ts";
import { clientErrors, GalenError, galenError } from "../client/galen-error.ts";
import { fetchStateProofs } from "./fetch-proof.ts";
import { fetchTransactionProof } from "./fetch-transaction-proof.ts";
import type { Proof } from "./proof.ts";
import { proofErrors } from "./proof-error.ts";
import { parseProofFile, type VerifiedProofs, verifyProofs } from "./proof-file.ts";
import type { ProofContext } from "./signed-header.ts";
import { type StateProof, verifyStates } from "./state-proof.ts";
import type { TransactionProof } from "./transaction-proof.ts";
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
  requireId(id);
  return verifyPresent(client, async (context) => {
    const [transaction, records] = await Promise.all([findTransaction(client, id), fetchRecords(client, id)]);
    const present = records.filter(({ value }) => value !== undefined);
    const proofs = transaction ? [transaction] : present.length > 0 ? present : records;
    const kind = kindIn(proofs, id);
    // Also those that are not shown: what is not there decides the kind as much as what is.
    if (!transaction) verifyStates(records, context());
    // A transaction may lie far back, under validators of its time.
    const { maxStateAgeMs: _, ...past } = context();
    return { kind, proofs, ...verifyProofs(proofs, kind === "transaction" ? past : context()) };
  });
}

/**
 * Checks a proof file as what it says of an id, and passes over what it says of others: nothing is asked of a node. Absent is an id only by a proof for each
 * kind of record. Throws GalenError `proof/…`: proof/OtherSubject where the proofs say something else, proof/ContentNotProven where they leave out what
 * became of a document.
 *
 * @param id hex, 32 bytes
 */
export function verifySubjectFile({
  id,
  text,
  ...context
}: ProofContext & { readonly id: string; readonly text: string }): VerifiedSubject {
  requireId(id);
  const keys = new Set(places.map(([, keyOf]) => keyOf(id)));
  // What else the file proves is of something else, which may be refused or over while this is not.
  const proofs = parseProofFile(text, context.crypto).filter((proof) =>
    proof.kind === "state" ? keys.has(proof.key) : proof.txHash === id,
  );
  const kind = kindIn(proofs, id);
  return { kind, proofs, ...verifyProofs(proofs, context) };
}

function requireId(id: string): void {
  if (!/^[0-9a-f]{64}$/.test(id)) throw galenError(clientErrors.NotAnId());
}

/** What proofs say that an id names; absent only by one for each of the places. Throws GalenError proof/OtherSubject, proof/ContentNotProven. */
function kindIn(proofs: readonly Proof[], id: string): SubjectKind {
  if (proofs.some((proof) => proof.kind === "transaction" && proof.txHash === id)) return "transaction";
  const values = new Map(proofs.flatMap((proof) => (proof.kind === "state" ? [[proof.key, proof.value]] : [])));
  const found = places.find(([, keyOf]) => values.get(keyOf(id)) !== undefined);
  // That its content was erased stands with the object.
  if (found?.[0] === "document" && !values.has(objects.keyOf(id))) throw galenError(proofErrors.ContentNotProven({ id }));
  if (found) return found[0];
  if (places.every(([, keyOf]) => values.has(keyOf(id)))) return "absent";
  throw galenError(proofErrors.OtherSubject({ id }));
}

async function findTransaction(client: Client, id: string): Promise<TransactionProof | undefined> {
  try {
    return await fetchTransactionProof(client, id);
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
