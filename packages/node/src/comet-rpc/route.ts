import { Refusal } from "@galen/ledger/app/refusal";
import { decodeUtf8 } from "@galen/ledger/crypto/utf8";
import { Text } from "@galen/ledger/schema/types";
import type { Backend } from "../backend.ts";
import { required } from "../http/fields.ts";
import { type Answer, defineRoute } from "../http/route.ts";
import { methods, type Params } from "./methods.ts";
import { RpcError } from "./rpc-error.ts";

/** A transaction of 64 KiB in base64 and what stands around it. */
const MAX_REQUEST_BYTES = 131_072;

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const METHOD_NOT_FOUND = -32_601;
const INVALID_PARAMS = -32_602;

const post = defineRoute({
  method: "POST",
  path: "/rpc",
  summary: "CometBFT's RPC (JSON-RPC 2.0), as far as light clients, explorers and wallets need it.",
  body: { type: "application/json", maxBytes: MAX_REQUEST_BYTES },
  answers: { 200: "result or error of JSON-RPC 2.0", 400: "the error of JSON-RPC 2.0 to what is no request" },
  handle: async (backend, { body }) => answer(backend, body),
});

const get = defineRoute({
  method: "GET",
  path: "/rpc/:method",
  summary: "One method of CometBFT's RPC with its parameters in the query.",
  params: { method: required(Text(40)) },
  query: "any",
  answers: { 200: "result or error of JSON-RPC 2.0" },
  handle: async (backend, { params, rawQuery }) => ({ body: await call(backend, -1, params.method, rawQuery) }),
});

export const cometRpcRoutes = [post, get];

async function answer(backend: Backend, body: Uint8Array): Promise<Answer> {
  const request = parse(body);
  if (request === undefined) return noRequest(null, PARSE_ERROR, "the body is not JSON in UTF-8");
  if (typeof request !== "object" || request === null || Array.isArray(request))
    return noRequest(null, INVALID_REQUEST, "one request object is needed");
  const { id = null, method, params = {} } = request as { id?: unknown; method?: unknown; params?: unknown };
  // It goes back as it came, and a nesting that can just be read is too deep to be written.
  if (id !== null && typeof id !== "string" && typeof id !== "number")
    return noRequest(null, INVALID_REQUEST, "id must be a text, a number or null");
  if (typeof method !== "string") return noRequest(id, INVALID_REQUEST, "method must be a text");
  if (typeof params !== "object" || params === null || Array.isArray(params))
    return { body: failure(id, INVALID_PARAMS, "params must be an object of named parameters") };
  return { body: await call(backend, id, method, params as Params) };
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(body) ?? "");
  } catch {
    return undefined; // answered as a parse error; too deep a nesting ends here as well
  }
}

function noRequest(id: unknown, code: number, message: string): Answer {
  return { status: 400, body: failure(id, code, message) };
}

async function call(backend: Backend, id: unknown, name: string, params: Params): Promise<unknown> {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!method) return failure(id, METHOD_NOT_FOUND, `there is no method of this name; known are ${Object.keys(methods).join(", ")}`);
  try {
    return { jsonrpc: "2.0", id, result: await method(backend, params) };
  } catch (error) {
    if (error instanceof RpcError || error instanceof Refusal) return failure(id, INVALID_PARAMS, error.message);
    throw error;
  }
}

function failure(id: unknown, code: number, message: string) {
  return { jsonrpc: "2.0", id, error: { code, message, data: "" } };
}
