import type { Details } from "@galen/ledger/app/refusal";
import type { Actor } from "./actor.ts";
import { authorisation } from "./authorisation.ts";
import type { Client } from "./client.ts";
import { createDeadline } from "./deadline.ts";
import { clientErrors, GalenError, galenError } from "./galen-error.ts";
import { readBody } from "./read-body.ts";

export interface NodeRequest {
  readonly method?: "GET" | "POST";
  /** Begins with `/v1/`. */
  readonly path: string;
  /** Texts go as they are, everything else as JSON; undefined is left out. */
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Signs the request for an account. */
  readonly as?: { readonly actor: Actor; readonly chainId: string } | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What the answer has at most; default: what a node sends at once. */
  readonly maxBytes?: number;
}

/** Pauses before the second and third attempt. */
const PAUSES_MS = [200, 800];
/** A node that asks for more patience than this is reported instead. */
const MAX_PAUSE_MS = 5_000;
/** The blobs that a node sends at once, 64 MiB, and their frames. */
const MAX_ANSWER_BYTES = 67_174_400;
/** A refusal is some sentences. */
const MAX_PROBLEM_BYTES = 65_536;

/**
 * Sends a request and gives the answer when it begins, if it is a success; only the request's own signal ends it. Everything that the API takes may safely be
 * sent again, so a lost connection or a busy node is tried three times. Rejects with GalenError: the node's refusal, client/Unreachable, client/TimedOut.
 */
export function sendRequest(client: Client, request: NodeRequest): Promise<Response> {
  return withRetries(request, () => sendOnce(client, request, request.signal));
}

async function withRetries<T>({ signal }: NodeRequest, attempt: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await attempt();
    } catch (error) {
      const wait = error instanceof GalenError ? pauseBeforeRetry(error, pauseMs) : undefined;
      if (wait === undefined || signal?.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return attempt();
}

/** Sends a request and reads the answer as JSON. Rejects like `requestBytes`. */
export async function requestJson(client: Client, request: NodeRequest): Promise<unknown> {
  const bytes = await requestBytes(client, request);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw galenError(clientErrors.UnexpectedAnswer({ path: request.path }), { cause });
  }
}

/**
 * Sends a request and reads the answer as bytes, within the client's time-out and what a slow line needs for both. Rejects like `sendRequest`, and with
 * client/UnexpectedAnswer.
 */
export function requestBytes(client: Client, request: NodeRequest): Promise<Uint8Array> {
  const { path, body, signal, maxBytes = MAX_ANSWER_BYTES } = request;
  return withRetries(request, async () => {
    const deadline = createDeadline({ timeoutMs: client.timeoutMs, sentBytes: body?.length ?? 0 });
    const response = await sendOnce(client, request, signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal);
    const bytes = await readBody(response, maxBytes, deadline).catch((cause: unknown) => {
      throw lost(client, cause);
    });
    if (!bytes) throw galenError(clientErrors.UnexpectedAnswer({ path, maxBytes }));
    return bytes;
  });
}

function pauseBeforeRetry({ id, status, details }: GalenError, pauseMs: number): number | undefined {
  if (id === clientErrors.Unreachable.kind.id) return pauseMs;
  const { retryAfterMs } = details;
  const isBusy = (status === 429 || status === 503) && typeof retryAfterMs === "number" && retryAfterMs <= MAX_PAUSE_MS;
  return isBusy ? retryAfterMs : undefined;
}

/** One attempt. A signed request is signed anew each time, because a node takes a nonce once. */
async function sendOnce(client: Client, request: NodeRequest, signal: AbortSignal | undefined): Promise<Response> {
  const { method = "GET", body, as, contentType } = request;
  const path = pathOf(request);
  const headers = new Headers(request.headers);
  if (contentType) headers.set("content-type", contentType);
  if (as) headers.set("authorization", await authorisation(client, as.actor, { ...as, method, path, body: body ?? new Uint8Array(0) }));
  let response: Response;
  try {
    // Followed, a redirection would let the node choose where else this goes, as which request. "error" could not be told from a connection that broke off.
    const init = { method, headers, body: body ?? null, signal: signal ?? null, redirect: "manual" } as const;
    response = await client.fetch(client.url + path, init);
  } catch (cause) {
    throw lost(client, cause);
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

function pathOf({ path, query = {} }: NodeRequest): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  return parameters.size > 0 ? `${path}?${parameters}` : path;
}

/** A connection that broke off or took too long; what the caller itself aborted stays as it is. */
export function lost({ url, timeoutMs }: Client, cause: unknown): unknown {
  if (!(cause instanceof Error) || cause.name === "AbortError") return cause;
  if (cause.name === "TimeoutError") return galenError(clientErrors.TimedOut({ url, timeoutMs }), { cause });
  return galenError(clientErrors.Unreachable({ url }), { cause });
}

/** The refusal in a problem+json answer (RFC 9457). */
async function problemOf(response: Response): Promise<GalenError> {
  const { status } = response;
  const problem = await readProblem(response);
  if (typeof problem?.title !== "string" || typeof problem.detail !== "string") {
    return galenError(clientErrors.UnexpectedAnswer({ status, path: new URL(response.url || "http://node/").pathname }));
  }
  const details = (typeof problem.details === "object" && problem.details !== null ? problem.details : {}) as Details;
  const txHash = typeof problem.txHash === "string" ? problem.txHash : undefined;
  return new GalenError({ id: problem.title, status, sentence: problem.detail, details, txHash });
}

async function readProblem(response: Response): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const bytes = await readBody(response, MAX_PROBLEM_BYTES);
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, unknown>>);
  } catch {
    return undefined;
  }
}
