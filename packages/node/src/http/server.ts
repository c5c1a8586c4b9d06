import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { Refusal } from "@galen/ledger/app/refusal";
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { Backend } from "../backend.ts";
import type { Logger } from "../logger.ts";
import { errors } from "./api-error.ts";
import { type Authoriser, type Claim, createAuthoriser } from "./authorisation.ts";
import { type BodyBudget, createBodyBudget } from "./body-budget.ts";
import { clientNetwork } from "./client-network.ts";
import { createCrossOriginRule, originsOf } from "./cross-origin.ts";
import { readFields, readJsonObject, readTextFields } from "./fields.ts";
import { createHostRule } from "./host-rule.ts";
import { problemAnswer } from "./problem.ts";
import { createRateLimiter, type RateLimits } from "./rate-limit.ts";
import { type Answer, type AnyRoute, methodsAt, type RouteRequest } from "./route.ts";
import { createTurns } from "./turns.ts";
import type { WebFiles } from "./web-files.ts";

/** Limits that hold before a route is known. */
const MAX_URL_BYTES = 8_192;
const MAX_HEADER_BYTES = 16_384;
const MAX_PARAMETER_LENGTH = 128;
/** A body of 64 MiB takes 64 seconds at 8 Mbit/s. */
const REQUEST_TIMEOUT_MS = 120_000;
const KEEP_ALIVE_TIMEOUT_MS = 10_000;
/** With every answer of the API: a height that nothing in it is older than, so that a client knows from where on it must hear of changes. */
const HEIGHT_HEADER = "galen-height";

export interface ServerOptions {
  readonly backend: Backend;
  readonly routes: readonly AnyRoute[];
  readonly rateLimits: RateLimits;
  /** Where the server is going to listen. */
  readonly httpHost: string;
  /** Undefined when clients connect directly. */
  readonly trustedProxy: string | undefined;
  readonly logger: Logger;
  /** The web app, at every address that no route takes; undefined where the node serves the API alone. */
  readonly webFiles: WebFiles | undefined;
  /** Aborted when the node stops: what waits gives up, what streams ends. */
  readonly stopping: AbortSignal;
}

/** The HTTP server over a table of routes; not listening yet. Every failure leaves as problem+json. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { backend, routes, logger } = options;
  const server = fastify({
    bodyLimit: 1,
    trustProxy: options.trustedProxy ?? false,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionTimeout: REQUEST_TIMEOUT_MS,
    http: { maxHeaderSize: MAX_HEADER_BYTES },
    forceCloseConnections: "idle",
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, _request, reply) => void send(reply as unknown as FastifyReply, problemOf(error, logger)),
  });
  const limitRate = createRateLimiter(options.rateLimits, backend.now);
  const requireKnownHost = createHostRule(options.httpHost, backend);
  const crossOrigin = createCrossOriginRule(backend);
  server.addHook("onRequest", createTurns());
  server.addHook("onRequest", async (request, reply) => {
    const isPreflight = crossOrigin(request, reply);
    if (request.url.length > MAX_URL_BYTES) throw errors.UrlTooLong({ maxBytes: MAX_URL_BYTES });
    limitRate(clientNetwork(request.ip));
    requireKnownHost(request);
    if (isPreflight) return reply.code(204).send();
  });
  server.addHook("onResponse", async ({ routeOptions, method }, { statusCode: status, elapsedTime: durationMs }) => {
    backend.metrics.observeRequest({ route: routeOptions.url ?? "none", method, status, durationMs });
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.setErrorHandler((error: FastifyError, _request, reply) => send(reply, problemOf(error, logger)));
  server.setNotFoundHandler(async (request, reply) => {
    const { method, url } = request;
    const file = options.webFiles?.answer(request, originsOf(backend.peers));
    if (file) return send(reply, file);
    const allowed = methodsAt(routes, url);
    const refusal = allowed.length > 0 ? errors.WrongMethod({ method, allowed: allowed.join(", ") }) : errors.UnknownRoute({ method });
    return send(reply, problemAnswer(refusal));
  });
  const [authoriser, bodies] = [createAuthoriser(backend), createBodyBudget()];
  for (const route of routes) addRoute(server, route, { ...options, authoriser, bodies });
  return server;
}

/** What requests carry from the moment in which they are recognised. */
const CLAIM = Symbol("claim");
type RecognisedRequest = FastifyRequest & { [CLAIM]?: Claim | undefined };

type RouteContext = ServerOptions & { readonly authoriser: Authoriser; readonly bodies: BodyBudget };

function addRoute(server: FastifyInstance, route: AnyRoute, { backend, stopping, authoriser, bodies }: RouteContext): void {
  server.route({
    method: route.method,
    url: route.path,
    bodyLimit: route.body?.maxBytes ?? 1,
    async onRequest(request: RecognisedRequest, reply) {
      // Before the answer is made, so that nothing in it is older.
      reply.header(HEIGHT_HEADER, backend.engine.status().height);
      request[CLAIM] = recognise(route, request.headers.authorization, authoriser);
      if (route.body) reply.raw.once("close", bodies.take(clientNetwork(request.ip), announcedBytes(request, route.body.maxBytes)));
    },
    async handler(request: RecognisedRequest, reply) {
      const body = bodyOf(route, request);
      const claim = request[CLAIM];
      const who = claim && authoriser.verify(claim, { method: request.method, path: request.url, body });
      const signer = route.auth === "node" ? { account: undefined, node: who } : { account: who, node: undefined };
      const openSignal = () => AbortSignal.any([stopping, goneSignal(reply)]);
      const answer = written(await route.handle(backend, readRequest(route, request, { ...signer, body, openSignal }) as never));
      // Until it has left: whoever asks and does not read would else fill the memory. What is a stream has taken what it needs before it was made.
      if (!isStream(answer.body) && !reply.raw.closed)
        reply.raw.once("close", backend.answers.take(clientNetwork(request.ip), Buffer.byteLength(answer.body)));
      return send(reply, answer);
    },
  });
}

/** Who must have signed says so before the body is read. */
function recognise({ auth }: AnyRoute, header: string | undefined, authoriser: Authoriser): Claim | undefined {
  if (auth === "node") return authoriser.recogniseNode(header);
  const isSigned = auth === "account" || (auth === "optional" && header !== undefined);
  return isSigned ? authoriser.recogniseAccount(header) : undefined;
}

/** How long a body says that it is; what does not say so is taken for as long as it may be, and what is longer is refused by its length. */
function announcedBytes({ headers }: FastifyRequest, maxBytes: number): number {
  return Math.min(Number(headers["content-length"] ?? maxBytes), maxBytes);
}

function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once("close", () => gone.abort());
  return gone.signal;
}

type Given = Pick<RouteRequest, "account" | "node" | "body"> & { readonly openSignal: () => AbortSignal };

function readRequest(route: AnyRoute, request: FastifyRequest, { account, node, body, openSignal }: Given): RouteRequest {
  const rawQuery = request.query as Readonly<Record<string, unknown>>;
  return {
    account,
    node,
    body,
    rawQuery,
    address: clientNetwork(request.ip),
    headers: request.headers,
    params: readTextFields(route.params, request.params as Readonly<Record<string, unknown>>),
    query: route.query === "any" ? {} : readTextFields(route.query, rawQuery),
    fields: route.body?.fields ? readFields(route.body.fields, readJsonObject(body)) : {},
    // Few handlers wait; for the others the signal is never made.
    get signal() {
      return openSignal();
    },
  };
}

/** The body, if it is of the type that the route takes. */
function bodyOf({ body: expected }: AnyRoute, { body, headers }: FastifyRequest): Uint8Array {
  if (!expected) return new Uint8Array(0);
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== expected.type || !(body instanceof Uint8Array)) throw errors.WrongContentType({ expected: expected.type });
  return body;
}

async function send(reply: FastifyReply, answer: Answer): Promise<FastifyReply> {
  const { status = 200, type = "application/json", body, headers = {} } = written(answer);
  await reply.code(status).headers(headers).type(type).send(body);
  return reply;
}

/** An answer whose body is as it is sent. */
type WrittenAnswer = Answer & { readonly body: string | Uint8Array | Readable };

function written(answer: Answer): WrittenAnswer {
  const { body } = answer;
  const isRaw = body instanceof Uint8Array || typeof body === "string" || isStream(body);
  return { ...answer, body: isRaw ? body : JSON.stringify(body) };
}

function isStream(body: unknown): body is Readable {
  return typeof body === "object" && body !== null && "pipe" in body;
}

/** What Fastify itself refuses, in the API's words. */
const frameworkRefusals: Readonly<Record<string, () => Refusal>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => errors.BodyTooLarge(),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => errors.WrongContentType(),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => errors.BadRequest({ reason: "content-length" }),
  FST_ERR_BAD_URL: () => errors.BadRequest({ reason: "url" }),
  FST_ERR_MAX_PARAM_LENGTH: () => errors.UrlTooLong(),
};

function problemOf(error: unknown, logger: Logger): Answer {
  if (error instanceof Refusal) return problemAnswer(error);
  const { code, statusCode = 500 } = error as Partial<FastifyError>;
  const refusal = frameworkRefusals[code ?? ""]?.() ?? (statusCode < 500 ? errors.BadRequest({ reason: code ?? "request" }) : undefined);
  if (refusal) return problemAnswer(refusal);
  const instance = randomUUID();
  logger.error({ instance, err: error }, "a request failed");
  return problemAnswer(errors.Internal(), { instance: `urn:uuid:${instance}` });
}

/** What never became a request, by the parser's code. */
const brokenRequests: Readonly<Record<string, () => Refusal>> = {
  HPE_HEADER_OVERFLOW: () => errors.UrlTooLong({ maxBytes: MAX_HEADER_BYTES }),
  ERR_HTTP_REQUEST_TIMEOUT: () => errors.Timeout(),
};

/** Answers what never became a request, on the socket itself. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, body, type } = problemAnswer(brokenRequests[error.code ?? ""]?.() ?? errors.BadRequest({ reason: "http" }));
  const text = JSON.stringify(body);
  socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-type: ${type}\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`);
}
