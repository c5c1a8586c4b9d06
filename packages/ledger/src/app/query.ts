import { type Codec, codecOf } from "../schema/codec.ts";
import { SchemaError } from "../schema/schema-error.ts";
import type { ReadContext } from "./context.ts";
import type { QueryKind } from "./define-module.ts";
import { defineErrors } from "./refusal.ts";

/** Refusals of a question itself; the modules have their own for what they do not find. */
export const errors = defineErrors("query", 10_000, {
  UnknownQuery: [1, 404, "no module answers a query of this name; compare with /v1/openapi.json"],
  InvalidParameters: [2, 422, "the parameters do not fit the query; the path names the field"],
});

/** Compiled once for each kind of query. */
const codecs = new WeakMap<QueryKind, Codec<unknown>>();

/** Checks the parameters against the query's schema and runs it. Throws Refusal. */
export function runQuery(context: ReadContext, kind: QueryKind | undefined, parameters: unknown): unknown {
  if (!kind) throw errors.UnknownQuery();
  try {
    codecFor(kind).encode(parameters);
  } catch (error) {
    if (error instanceof SchemaError) throw errors.InvalidParameters({ path: error.path, reason: error.reason });
    throw error;
  }
  return kind.run(context, parameters as never);
}

function codecFor(kind: QueryKind): Codec<unknown> {
  const known = codecs.get(kind);
  if (known) return known;
  const codec = codecOf(kind.parameters);
  codecs.set(kind, codec);
  return codec;
}
