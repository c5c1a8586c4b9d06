import type { Client } from "./client.ts";
import { type QueryResult, queryOfKind } from "./query-kind.ts";
import { rules } from "./rules.ts";

/**
 * Asks the ledger's modules: any query of /v1/openapi.json by its name. The answer fits the query's schema, but it is the node's word; `readState` gives
 * what is proven. Rejects with GalenError: the module's refusal, client/UnexpectedAnswer.
 */
export async function query<T>(client: Client, name: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<QueryResult<T>> {
  return queryOfKind(client, rules.queries.get(name) ?? { name }, parameters);
}
