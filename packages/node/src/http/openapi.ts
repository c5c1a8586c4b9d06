import { errors as custodyErrors } from "@galen/custody/custodian/errors";
import { errors as engineErrors } from "@galen/engines/errors";
import type { RefusalKind } from "@galen/ledger/app/refusal";
import type { CompiledVersion } from "@galen/ledger/app/version";
import { errors as txErrors } from "@galen/ledger/tx/errors";
import { errors as blobErrors } from "../blobs/blob-error.ts";
import { errors as apiErrors } from "./api-error.ts";
import type { Fields } from "./fields.ts";
import { PROBLEM_TYPE } from "./problem.ts";
import { type AnswerMeaning, type AnyRoute, defineRoute } from "./route.ts";

type Json = Readonly<Record<string, unknown>>;

/** The route that describes the others and itself. */
export function openApiRoute(routes: readonly AnyRoute[]): AnyRoute {
  // It is as long as hundreds of other answers, and the same until the ledger's next version.
  const texts = new WeakMap<CompiledVersion, string>();
  function textOf(version: CompiledVersion): string {
    const text = texts.get(version) ?? JSON.stringify(openApi(version, [...routes, self]));
    texts.set(version, text);
    return text;
  }
  const self: AnyRoute = defineRoute({
    method: "GET",
    path: "/v1/openapi.json",
    summary: "This description: routes, messages, queries, refusals.",
    answers: { 200: "OpenAPI 3.1" },
    handle: ({ ledger }) => ({ body: textOf(ledger.version) }),
  });
  return self;
}

/** OpenAPI 3.1 of the routes, with a schema for every message and query of the ledger's version and all refusals under `x-refusals`. */
export function openApi(version: CompiledVersion, routes: readonly AnyRoute[]): Json {
  const messages = [...version.messages.values()].map(({ type, summary, schema }) => [type, { ...schema, description: summary }]);
  const events = version.modules.flatMap(({ events }) => events.map(({ type, schema }) => [`event.${type}`, schema]));
  return {
    openapi: "3.1.0",
    info: { title: "Galen node", version: `1.${version.number}`, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    paths: { ...pathsOf(routes), ...queryPaths(version) },
    components: {
      schemas: { Problem: problemSchema, ...Object.fromEntries([...messages, ...events]) },
      responses: {
        Refusal: { description: "a refusal; x-refusals lists them", content: { [PROBLEM_TYPE]: { schema: problemReference } } },
      },
      securitySchemes: {
        account: { type: "http", scheme: "Galen", description: "Ed25519 or P-256 signature of the request by the account" },
        node: { type: "http", scheme: "Galen", description: "signature of the request by another node's validator key" },
      },
    },
    "x-refusals": refusals(version),
  };
}

const problemReference = { $ref: "#/components/schemas/Problem" };
const text = { type: "string" };
const problemSchema = {
  type: "object",
  description: "RFC 9457",
  required: ["type", "title", "status", "detail", "details"],
  properties: {
    type: { const: "about:blank" },
    title: { ...text, description: "stable id, such as vault/NotOwner" },
    status: { type: "integer" },
    detail: { ...text, description: "what is wrong and what to do" },
    details: { type: "object", description: "facts that belong to it" },
    instance: { ...text, description: "names the line in the node's log" },
    txHash: text,
  },
};

function pathsOf(routes: readonly AnyRoute[]): Json {
  const entries = routes.map((route) => {
    const path = route.path.replace(/:([A-Za-z]+)/g, "{$1}");
    return [path, { [route.method.toLowerCase()]: operationOf(route) }];
  });
  return Object.fromEntries(entries);
}

function operationOf({ summary, auth, params, query, body, answers }: AnyRoute): Json {
  const successes = Object.entries(answers).map(([status, answer]) => [status, successOf(answer)]);
  return {
    summary,
    ...(auth === "none" ? {} : { security: auth === "optional" ? [{}, { account: [] }] : [{ [auth]: [] }] }),
    parameters: [...parametersOf("path", params), ...(query === "any" ? [] : parametersOf("query", query))],
    ...(body ? { requestBody: { required: true, content: { [body.type]: { schema: bodySchema(body) } } } } : {}),
    responses: { ...Object.fromEntries(successes), default: { $ref: "#/components/responses/Refusal" } },
  };
}

/** OpenAPI wants a description of every answer. */
function successOf(answer: AnswerMeaning): Json {
  if (typeof answer === "string") return { description: answer };
  return { description: answer.description ?? "as the schema says", content: { "application/json": { schema: answer } } };
}

function parametersOf(place: "path" | "query", fields: Fields): Json[] {
  return Object.entries(fields).map(([name, { schema, required }]) => ({ name, in: place, required, schema: printable(schema) }));
}

/** Texts hold no control characters; JSON Schema says that only by a pattern. */
function printable(schema: object): object {
  const isText = "type" in schema && schema.type === "string" && !("pattern" in schema) && !("enum" in schema);
  return isText ? { ...schema, pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]*$" } : schema;
}

function bodySchema({ type, fields }: NonNullable<AnyRoute["body"]>): Json {
  if (!fields) return type === "application/json" ? { type: "object" } : { ...text, contentMediaType: "application/octet-stream" };
  const names = Object.entries(fields);
  return {
    type: "object",
    additionalProperties: false,
    required: names.filter(([, field]) => field.required).map(([name]) => name),
    properties: Object.fromEntries(names.map(([name, { schema }]) => [name, schema])),
  };
}

/** One path for each query, so that a reader need not look up which parameters belong to which name. */
function queryPaths(version: CompiledVersion): Json {
  const entries = [...version.queries.values()].map(({ name, summary, parameters, result }) => {
    const { properties = {}, required = [] } = parameters as { properties?: Json; required?: readonly string[] };
    const fields = Object.entries(properties).map(([field, schema]) => ({
      name: field,
      in: "query",
      required: required.includes(field),
      schema,
    }));
    const schema = { type: "object", required: ["height", "result"], properties: { height: { type: "integer" }, result } };
    const responses = {
      200: { description: "height and result", content: { "application/json": { schema } } },
      default: { $ref: "#/components/responses/Refusal" },
    };
    return [`/v1/query/${name}`, { get: { summary, parameters: fields, responses } }];
  });
  return Object.fromEntries(entries);
}

/** Every refusal that a client can meet: id, HTTP status, sentence. */
function refusals({ modules }: CompiledVersion): Json[] {
  const own = [apiErrors, txErrors, engineErrors, blobErrors, custodyErrors];
  const tables: readonly Readonly<Record<string, { readonly kind: RefusalKind }>>[] = [...own, ...modules.map(({ errors }) => errors)];
  return tables.flatMap((table) => Object.values(table).map(({ kind: { id, status, sentence } }) => ({ id, status, sentence })));
}
