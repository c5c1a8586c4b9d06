import type { Client } from "./client.ts";
import { GalenError } from "./galen-error.ts";
import { type QueryResult, queryOfKind } from "./query-kind.ts";
import { rules } from "./rules.ts";

/**
 * Asks the ledger's modules: any query of /v1/openapi.json by its name. The answer fits the query's schema, but it is the node's word; `readState` gives
 * what is proven. Rejects with GalenError: the module's refusal, client/UnexpectedAnswer, and api/NotFound where the
 * chain is of a ledger version without this query (`isUnknownQuery`).
 */
export async function query<T>(client: Client, name: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<QueryResult<T>> {
  return queryOfKind(client, rules.queries.get(name) ?? { name }, parameters);
}

/** Whether a query was refused because the chain's ledger version does not have it yet. */
export function isUnknownQuery(error: unknown): boolean {
  return error instanceof GalenError && error.id === "api/NotFound" && error.details.query !== undefined;
}
