import type { Collection, KeyPart } from "@galen/ledger/app/collection";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import type { Client } from "../client/client.ts";
import { galenError } from "../client/galen-error.ts";
import { fetchStateProof, fetchStateProofs } from "./fetch-proof.ts";
import { proofErrors } from "./proof-error.ts";
import { type StateProof, verifyState, verifyStates } from "./state-proof.ts";
import { verifyPresent } from "./verify-present.ts";

/** A record as trusted validators signed it. */
export interface ProvenRecord<V> {
  /** After which block it was so. */
  readonly height: number;
  /** Undefined: it is proven that there is none. */
  readonly value: V | undefined;
}

/**
 * A record of the ledger with its proof checked in this process, so that the node need not be believed. The client must have been created with `trust`.
 * Rejects with GalenError `proof/…` where the proof does not hold.
 */
export async function readProven<K extends readonly KeyPart[], V>(
  client: Client,
  collection: Collection<K, V>,
  ...key: K
): Promise<ProvenRecord<V>> {
  const proof = await verifyPresent(client, async (context) => {
    const fetched = await fetchStateProof(client, collection.keyOf(...key));
    verifyState(fetched, context());
    return fetched;
  });
  return provenRecord(collection, proof);
}

/** Several records of one collection, at most 128, in the order of the keys: one request and one header to check. Rejects like `readProven`. */
export async function readProvenList<K extends readonly KeyPart[], V>(
  client: Client,
  collection: Collection<K, V>,
  keys: readonly K[],
): Promise<ProvenRecord<V>[]> {
  const stateKeys = keys.map((key) => collection.keyOf(...key));
  const proofs = await verifyPresent(client, async (context) => {
    const fetched = await fetchStateProofs(client, stateKeys);
    verifyStates(fetched, context());
    return fetched;
  });
  return proofs.map((proof) => provenRecord(collection, proof));
}

function provenRecord<V>(collection: Pick<Collection<never, V>, "decode" | "prefix">, { height, value }: StateProof): ProvenRecord<V> {
  return { height, value: value && decode(collection, value) };
}

function decode<V>(collection: Pick<Collection<never, V>, "decode" | "prefix">, bytes: Uint8Array): V {
  try {
    return collection.decode(bytes);
  } catch (cause) {
    // Proven bytes that this version cannot read come from rules that it does not know.
    throw cause instanceof SchemaError ? galenError(proofErrors.VersionUnknown({ records: collection.prefix }), { cause }) : cause;
  }
}
