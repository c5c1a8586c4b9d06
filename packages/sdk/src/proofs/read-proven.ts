import type { Collection, KeyPart } from "@galen/ledger/app/collection";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { fetchStateProof } from "./fetch-proof.ts";
import { proofErrors } from "./proof-error.ts";
import { verifyState } from "./state-proof.ts";

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
  const { trust, crypto } = client;
  if (!trust) throw galenError(clientErrors.NoTrust());
  const proof = await fetchStateProof(client, collection.keyOf(...key));
  verifyState(proof, { trust, crypto, nowMs: client.now(), maxStateAgeMs: client.maxStateAgeMs });
  return { height: proof.height, value: proof.value && decode(collection, proof.value) };
}

function decode<V>(collection: Pick<Collection<never, V>, "decode" | "prefix">, bytes: Uint8Array): V {
  try {
    return collection.decode(bytes);
  } catch (cause) {
    // Proven bytes that this version cannot read come from rules that it does not know.
    throw cause instanceof SchemaError ? galenError(proofErrors.VersionUnknown({ records: collection.prefix }), { cause }) : cause;
  }
}
