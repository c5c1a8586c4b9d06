import type { Actor } from "./actor.ts";
import { type Answer, readObject } from "./answer.ts";
import type { Client } from "./client.ts";
import { clientErrors, GalenError, galenError } from "./galen-error.ts";
import { type LiveLine, liveLine } from "./live-line.ts";
import { lost, sendRequest } from "./send-request.ts";
import { readServerSentEvents, type ServerSentEvent } from "./server-sent-events.ts";
import { chainIdOf } from "./status.ts";

export interface SubscribeOptions {
  /**
   * `blocks` and `transactions` are told to everybody, the others to `as`: `releases`: who reads, or tries to read, its records. `grants`: what it grants, or is
   * granted by name, house or role, what is taken back, and each of its readings that a grant counts. `documents`: what is filed or erased for it, or by it.
   * `emergencies`: its emergency setting, and readings in an emergency of its records, or by it. `credentials`: those that it holds or has issued. `proposals`:
   * those that it made or is asked for. `accounts`: what becomes of it, of its delegations and roles, and of the accounts whose guardian it is. Who acts for an
   * owner hears of that one's releases, emergencies, grants and documents, too, as far as the delegation reaches.
   */
  readonly topics: readonly Topic[];
  readonly as?: Actor;
  /** Id of the last notice that was seen; default: from now on. Everything after a whole block: `afterHeight`. */
  readonly after?: string;
  /** Hears the id up to which everything is told, also where nothing was to be told, to go on from there later. */
  readonly onPlace?: (id: string) => void;
  /** Ends the subscription. */
  readonly signal?: AbortSignal;
}

/** What can be heard of, and what a notice of it is called. */
export const noticeOf = {
  blocks: "block",
  transactions: "transaction",
  releases: "release",
  grants: "grant",
  documents: "document",
  emergencies: "emergency",
  credentials: "credential",
  proposals: "proposal",
  accounts: "account",
} as const;
export type Topic = keyof typeof noticeOf;

/**
 * Something that has become durable on the ledger. `gap`: the node has passed over some, because the client was away too long: whatever it knows of the ledger
 * may be old. A release is what stands in the owner's log; the other personal ones are `{ type, data }`, an event of the ledger.
 */
export interface Notice {
  /** height/index; undefined for a gap. */
  readonly id: string | undefined;
  readonly event: (typeof noticeOf)[Topic] | "gap";
  readonly data: Answer;
}

/** The id behind everything in the block of a height. */
export function afterHeight(height: number): string {
  return `${height}/${LAST_INDEX}`;
}

/** The highest index that the API takes; no block has so many events. */
const LAST_INDEX = 999_999_999;
const PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;
/** A node gives a sign of life every 15 seconds. */
const MAX_SILENCE_MS = 45_000;
/** Answers of a node that is busy or shuts down, and of a proxy before one that is away. */
const PASSING: readonly unknown[] = [429, 502, 503, 504];

/**
 * Hears of what becomes durable, until the caller stops or `signal` aborts. A connection that breaks off is taken up again after the last notice, so that none is
 * missed or told twice, and so is one over which nothing comes, not even a sign of life. Rejects with GalenError where the node refuses; a node that is away is waited for.
 */
export async function* subscribe(
  client: Client,
  { signal, after, onPlace, ...options }: SubscribeOptions,
): AsyncGenerator<Notice, void, undefined> {
  let last = after;
  for (let pauseMs = PAUSE_MS; !signal?.aborted; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
    try {
      for await (const event of connect(client, { ...options, after: last }, signal)) {
        last = event.id ?? last;
        pauseMs = PAUSE_MS;
        if (event.data !== undefined) yield readNotice(event, event.data);
        if (event.id !== undefined) onPlace?.(event.id);
      }
    } catch (error) {
      if (!signal?.aborted && !isPassing(error)) throw error;
    }
    await pause(pauseMs, signal);
  }
}

async function* connect(
  client: Client,
  { topics, as: actor, after }: Omit<SubscribeOptions, "signal" | "after" | "onPlace"> & { readonly after: string | undefined },
  signal: AbortSignal | undefined,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const as = actor && { actor, chainId: await chainIdOf(client) };
  const line = liveLine(MAX_SILENCE_MS);
  const request = {
    path: "/v1/events",
    query: { topics: topics.join(","), after },
    as,
    signal: signal ? AbortSignal.any([signal, line.signal]) : line.signal,
  };
  const { body } = await line.wait(sendRequest(client, request));
  if (body) yield* readServerSentEvents(chunksOf(client, body, line));
}

/** The bytes of a stream as they come, also where streams cannot be iterated (older Safari). That it broke off is client/Unreachable, silence client/TimedOut. */
async function* chunksOf(client: Client, body: ReadableStream<Uint8Array>, line: LiveLine): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  try {
    for (;;) {
      const chunk = await line.wait(reader.read()).catch((cause: unknown) => {
        throw lost(client, cause);
      });
      if (chunk.done) return;
      yield chunk.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // what broke off needs no end
  }
}

/** Ends early when the signal aborts. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
    resolve();
  };
  const timer = setTimeout(end, ms);
  signal?.addEventListener("abort", end);
  if (signal?.aborted) end();
  return promise;
}

function readNotice({ id, event }: ServerSentEvent, data: string): Notice {
  return { id: event === "gap" ? undefined : id, event: event as Notice["event"], data: readObject(parsed(data), "event") };
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw galenError(clientErrors.UnexpectedAnswer({ field: "event" }), { cause });
  }
}

/** Lost connections and busy nodes pass; refusals, notices that make no sense, and errors of our own or the listener's do not. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof GalenError)) return false;
  // What comes from no node counts by the status under which it came.
  return PASSING.includes(error.id === clientErrors.UnexpectedAnswer.kind.id ? error.details.status : error.status);
}
