import type { QueryKind } from "@galen/ledger/app/define-module";
import type { Ledger } from "@galen/ledger/app/ledger";
import { errors as queryErrors } from "@galen/ledger/app/query";
import { Refusal } from "@galen/ledger/app/refusal";
import { errors } from "./api-error.ts";
import { type Schema, valuesFromText } from "./fields.ts";

/**
 * Runs a module's query over the durable state. `given` holds its parameters as text. Throws Refusal: api/NotFound for an unknown query,
 * api/UnknownField, api/InvalidField, and the module's own.
 */
export function runQuery(ledger: Ledger, name: string, given: Readonly<Record<string, unknown>>): { height: number; result: unknown } {
  const kind = ledger.version.queries.get(name);
  if (!kind) throw errors.NotFound({ query: name });
  const parameters = parametersOf(kind, given);
  try {
    return ledger.query(name, parameters);
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== queryErrors.InvalidParameters.kind) throw error;
    const { path: field, reason } = error.details;
    throw errors.InvalidField({ field: field!, reason: reason! });
  }
}

function parametersOf(kind: QueryKind, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { properties } = kind.parameters as unknown as { readonly properties: Readonly<Record<string, Schema>> };
  const stranger = Object.keys(given).find((field) => !Object.hasOwn(properties, field));
  if (stranger !== undefined) throw errors.UnknownField({ field: stranger.slice(0, 64) });
  return valuesFromText(properties, given);
}
