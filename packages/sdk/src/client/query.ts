import { type Codec, codecOf } from "@galen/ledger/schema/codec";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { readInteger, readObject } from "./answer.ts";
import type { Client } from "./client.ts";
import { clientErrors, galenError } from "./galen-error.ts";
import { rules } from "./rules.ts";
import { requestJson } from "./send-request.ts";

/** Answers list more than one record, so they may be longer than one. */
const MAX_RESULT_BYTES = 4_194_304;

const resultCodecs = new Map<string, Codec<unknown>>();

/** What a query found, and at which height. */
export interface QueryResult<T> {
  readonly height: number;
  readonly result: T;
}

/**
 * Asks the ledger's modules: any query of /v1/openapi.json. The answer fits the query's schema, but it is the node's word; `readState` gives
 * what is proven. Rejects with GalenError: the module's refusal, client/UnexpectedAnswer.
 */
export async function query<T>(client: Client, name: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<QueryResult<T>> {
  const answer = readObject(await requestJson(client, { path: `/v1/query/${encodeURIComponent(name)}`, query: parameters }), name);
  requireResult(name, answer.result);
  return { height: readInteger(answer.height, "height"), result: answer.result as T };
}

/** The codec of the result's schema judges: what it cannot encode does not fit. */
function requireResult(name: string, result: unknown): void {
  try {
    codecFor(name)?.encode(result);
  } catch (cause) {
    throw cause instanceof SchemaError ? galenError(clientErrors.UnexpectedAnswer({ field: name + cause.path }), { cause }) : cause;
  }
}

function codecFor(name: string): Codec<unknown> | undefined {
  const kind = rules.queries.get(name);
  if (kind && !resultCodecs.has(name)) resultCodecs.set(name, codecOf(kind.result, { maxBytes: MAX_RESULT_BYTES }));
  return resultCodecs.get(name);
}
