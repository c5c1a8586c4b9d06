import { codecOf } from "@galen/ledger/schema/codec";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { rules } from "../client/rules.ts";

/** What proven bytes say, in the rules that this package knows. */
export interface KnownForm {
  /** `vault/grants` or `vault.granted`. */
  readonly name: string;
  readonly value: unknown;
}

const collections = rules.modules.flatMap((module) => module.collections);
const eventKinds = rules.modules.flatMap((module) => module.events);

/** The record under a state key; undefined where the rules know no such collection or form. */
export function recordUnder(key: string, bytes: Uint8Array): KnownForm | undefined {
  const collection = collections.find(({ prefix }) => key.startsWith(`${prefix}/`));
  return collection && decoded(collection.prefix, collection.decode, bytes);
}

/** The event in a leaf of a transaction's event tree (type, zero byte, canonical data); undefined where the rules do not know it. */
export function eventIn(leaf: Uint8Array): KnownForm | undefined {
  const end = leaf.indexOf(0);
  const type = String.fromCharCode(...leaf.subarray(0, end));
  const kind = eventKinds.find((candidate) => candidate.type === type);
  return kind && decoded(type, codecOf(kind.schema).decode, leaf.subarray(end + 1));
}

function decoded(name: string, decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): KnownForm | undefined {
  try {
    return { name, value: decode(bytes) };
  } catch (error) {
    if (error instanceof SchemaError) return undefined;
    throw error;
  }
}
