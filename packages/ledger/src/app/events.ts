import type { Static, TSchema } from "typebox";
import type { CryptoProvider } from "../crypto/provider.ts";
import { inclusionProof, merkleRoot } from "../crypto/rfc6962.ts";
import { encodeUtf8 } from "../crypto/utf8.ts";
import { type Codec, codecOf } from "../schema/codec.ts";

/** A fact that a block produced, for indexers and subscribers. */
export interface LedgerEvent {
  /** `module.happened`, in the past tense. */
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The event as a leaf of its transaction's event tree: type, a zero byte, canonical data. */
  readonly leaf: Uint8Array;
}

/** Calling it makes the event; data that does not fit the schema is our own bug and throws SchemaError. */
export interface EventKind<T = unknown> {
  (data: T): LedgerEvent;
  readonly type: string;
  readonly schema: TSchema;
}

/** Defines one kind of event. */
export function defineEvent<S extends TSchema>(type: string, schema: S): EventKind<Static<S>> {
  const codec: Codec<Static<S>> = codecOf(schema, { prefix: Uint8Array.of(...encodeUtf8(type)!, 0) });
  const create = (data: Static<S>): LedgerEvent => ({ type, data, leaf: codec.encode(data) });
  return Object.assign(create, { type, schema });
}

/**
 * RFC 6962 root over a transaction's events. It is the `data` of the transaction's result, so the header that follows commits to it
 * through `last_results_hash`.
 */
export function eventsRoot(events: readonly LedgerEvent[], crypto: CryptoProvider): Uint8Array {
  return merkleRoot(
    events.map((event) => event.leaf),
    crypto.sha256,
  );
}

/** Audit path of the event at `index` under `eventsRoot`. */
export function eventProof(events: readonly LedgerEvent[], index: number, crypto: CryptoProvider): Uint8Array[] {
  return inclusionProof(
    events.map((event) => event.leaf),
    index,
    crypto.sha256,
  );
}
