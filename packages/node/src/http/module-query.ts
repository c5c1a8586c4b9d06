import type { QueryKind } from "@galen/ledger/app/define-module";
import type { Ledger } from "@galen/ledger/app/ledger";
import { type Codec, codecOf } from "@galen/ledger/schema/codec";
import { errors } from "./api-error.ts";
import { checkedField, type Schema, valuesFromText } from "./fields.ts";

/** Compiled once for each kind of query. */
const codecs = new WeakMap<QueryKind, Codec<unknown>>();

/**
 * Runs a module's query over the durable state. `given` holds its parameters as text. Throws Refusal: api/NotFound for an unknown query,
 * api/UnknownField, api/InvalidField, and the module's own.
 */
export function runQuery(ledger: Ledger, name: string, given: Readonly<Record<string, unknown>>): { height: number; result: unknown } {
  const kind = ledger.version.queries.get(name);
  if (!kind) throw errors.NotFound({ query: name });
  const context = ledger.read();
  return { height: context.height, result: kind.run(context, parametersOf(kind, given) as never) };
}

function parametersOf(kind: QueryKind, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { properties } = kind.parameters as unknown as { readonly properties: Readonly<Record<string, Schema>> };
  const stranger = Object.keys(given).find((field) => !Object.hasOwn(properties, field));
  if (stranger !== undefined) throw errors.UnknownField({ field: stranger.slice(0, 64) });
  const parameters = valuesFromText(properties, given);
  checkedField("", () => codecFor(kind).encode(parameters));
  return parameters;
}

function codecFor(kind: QueryKind): Codec<unknown> {
  const known = codecs.get(kind);
  if (known) return known;
  const codec = codecOf(kind.parameters);
  codecs.set(kind, codec);
  return codec;
}
