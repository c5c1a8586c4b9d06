import type { AnswerMeaning, AnyRoute } from "./route.ts";
import { routes } from "./routes.ts";

const INTRODUCTION = `# HTTP API

Version 1, JSON unless said otherwise. \`GET /v1/openapi.json\` of a running node gives schemas, messages, queries and all refusals.

The header \`galen-height\` of every answer names a height that nothing in the answer is older than: after it, \`/v1/events\` tells what changes.

A refusal is \`application/problem+json\` (RFC 9457): \`title\` is a stable id, \`detail\` a sentence, \`details\` facts, \`txHash\` where there is one.

## Requests in the name of an account

\`Authorization: Galen account="<hex>", key="<public key hex>", at="<ms since 1970>", nonce="<16 bytes hex>", signature="<hex>"\`

The signature is made by a key that carries the account's threshold alone, over \`galen/request/1:\` and the lines chain id, method, path with
query, SHA-256 of the body (hex), at, nonce, joined by line feeds. A request counts once and for a minute.

## Requests of one node to another

\`Authorization: Galen node="<validator key hex>", to="<validator key hex>", at="<ms since 1970>", nonce="<16 bytes hex>", signature="<hex>"\`

The signature is made by the validator key of the node that asks, over \`galen/node-request/1:\`, the key of the node that is asked, a line feed, and what
an account would sign. Only nodes that the ledger knows are answered.

## Framed bodies

\`application/vnd.galen.blobs\`: byte strings one after the other, each as its length in 4 bytes, big-endian, and its bytes.

## Routes
`;

/** The API as a Markdown page, made from the table of routes. */
export function printHttpReference(): string {
  return `${[INTRODUCTION, ...routes.map(section)].join("\n")}`;
}

/** What the page tells of a schema. */
interface Shape {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}

const signerOf: Readonly<Record<AnyRoute["auth"], readonly string[]>> = {
  none: [],
  account: ["- signed by an account"],
  optional: ["- signed by an account where it concerns one"],
  node: ["- signed by another node"],
};

function section({ method, path, summary, auth, params, query, body, answers }: AnyRoute): string {
  const fields = [...named(params), ...(query === "any" ? ["the query's own"] : named(query)), ...named(body?.fields ?? {})];
  const lines = [
    `### ${method} ${path}`,
    "",
    summary,
    "",
    ...signerOf[auth],
    ...(body ? [`- body: \`${body.type}\`, at most ${body.maxBytes} bytes`] : []),
    ...(fields.length > 0 ? [`- fields: ${fields.join(", ")}`] : []),
    ...Object.entries(answers).map(([status, answer]) => `- ${status}: ${meaningOf(answer)}`),
    "",
  ];
  return lines.join("\n");
}

function meaningOf(answer: AnswerMeaning): string {
  if (typeof answer === "string") return answer;
  const { description, ...shape } = answer as Shape;
  return description === undefined ? fieldsIn(shape) : `${fieldsIn(shape)}; ${description}`;
}

/** The names of an object's fields, and in brackets what is in those that hold objects. */
function fieldsIn({ properties = {} }: Shape): string {
  const names = Object.entries(properties).map(([name, schema]) => {
    const { items, anyOf = [] } = schema;
    const within = [schema, items, ...anyOf].find((one) => Object.keys(one?.properties ?? {}).length > 0);
    if (!within) return `\`${name}\``;
    return items ? `\`${name}\` [{${fieldsIn(within)}}]` : `\`${name}\` {${fieldsIn(within)}}`;
  });
  return names.join(", ");
}

function named(fields: Readonly<Record<string, { readonly required: boolean }>>): string[] {
  return Object.entries(fields).map(([name, { required }]) => `\`${name}\`${required ? "" : " (optional)"}`);
}
