import type { QueryKind } from "@galen/ledger/app/define-module";
import { type Codec, codecOf } from "@galen/ledger/schema/codec";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { readInteger, readObject } from "./answer.ts";
import type { Client } from "./client.ts";
import { clientErrors, galenError } from "./galen-error.ts";
import { requestJson } from "./send-request.ts";

/** Answers list more than one record, so they may be longer than one. */
const MAX_RESULT_BYTES = 4_194_304;

const resultCodecs = new Map<string, Codec<unknown>>();

/** What a query found, and at which height. */
export interface QueryResult<T> {
  readonly height: number;
  readonly result: T;
}

/** A query as the ledger defines it; one of unknown rules has a name and no schema. */
export type AskedKind = Pick<QueryKind, "name"> & Partial<Pick<QueryKind, "result">>;

/**
 * Asks one kind of query. Who brings the kind along loads no other rules of the ledger, which the first screen of an app waits for. The answer fits the
 * kind's schema, but it is the node's word. Rejects with GalenError: the module's refusal, client/UnexpectedAnswer.
 */
export async function queryOfKind<T>(
  client: Client,
  kind: AskedKind,
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<QueryResult<T>> {
  const { name } = kind;
  const answer = readObject(await requestJson(client, { path: `/v1/query/${encodeURIComponent(name)}`, query: parameters }), name);
  requireResult(kind, answer.result);
  return { height: readInteger(answer.height, "height"), result: answer.result as T };
}

/** The codec of the result's schema judges: what it cannot encode does not fit. */
function requireResult(kind: AskedKind, result: unknown): void {
  try {
    codecFor(kind)?.encode(result);
  } catch (cause) {
    throw cause instanceof SchemaError ? galenError(clientErrors.UnexpectedAnswer({ field: kind.name + cause.path }), { cause }) : cause;
  }
}

function codecFor({ name, result }: AskedKind): Codec<unknown> | undefined {
  if (result && !resultCodecs.has(name)) resultCodecs.set(name, codecOf(result, { maxBytes: MAX_RESULT_BYTES }));
  return resultCodecs.get(name);
}
