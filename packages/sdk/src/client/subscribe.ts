import type { Actor } from "./actor.ts";
import { type Answer, readObject } from "./answer.ts";
import type { Client } from "./client.ts";
import { clientErrors, GalenError, galenError } from "./galen-error.ts";
import { sendRequest } from "./send-request.ts";
import { readServerSentEvents, type ServerSentEvent } from "./server-sent-events.ts";
import { chainIdOf } from "./status.ts";

export interface SubscribeOptions {
  /**
   * `releases`: who reads, or tries to read, the records of `as`. `proposals`: what becomes of proposals that `as` made or is asked for. `accounts`: what
   * becomes of the account of `as`, of its delegations, and of the accounts whose guardian it is.
   */
  readonly topics: readonly ("blocks" | "transactions" | "releases" | "proposals" | "accounts")[];
  readonly as?: Actor;
  /** Id of the last notice that was seen; default: from now on. */
  readonly after?: string;
  /** Ends the subscription. */
  readonly signal?: AbortSignal;
}

/** Something that has become durable on the ledger. `gap`: the node has passed over some, because the client was away too long. */
export interface Notice {
  /** height/index; undefined for a gap. */
  readonly id: string | undefined;
  readonly event: "block" | "transaction" | "release" | "proposal" | "account" | "gap";
  readonly data: Answer;
}

const PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;

/**
 * Hears of what becomes durable, until the caller stops or `signal` aborts. A connection that breaks off is taken up again after the last notice, so that none is
 * missed or told twice. Rejects with GalenError where the node refuses; a node that is away is waited for.
 */
export async function* subscribe(client: Client, { signal, after, ...options }: SubscribeOptions): AsyncGenerator<Notice, void, undefined> {
  let last = after;
  for (let pauseMs = PAUSE_MS; !signal?.aborted; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
    try {
      for await (const event of connect(client, { ...options, after: last }, signal)) {
        last = event.id ?? last;
        pauseMs = PAUSE_MS;
        yield readNotice(event);
      }
    } catch (error) {
      if (!isPassing(error, signal)) throw error;
    }
    if (!signal?.aborted) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function* connect(
  client: Client,
  { topics, as: actor, after }: Omit<SubscribeOptions, "signal" | "after"> & { readonly after: string | undefined },
  signal: AbortSignal | undefined,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const as = actor && { actor, chainId: await chainIdOf(client) };
  const response = await sendRequest(client, {
    path: "/v1/events",
    query: { topics: topics.join(","), after },
    as,
    signal,
    isStream: true,
  });
  if (response.body) yield* readServerSentEvents(response.body);
}

function readNotice({ id, event, data }: ServerSentEvent): Notice {
  return { id: event === "gap" ? undefined : id, event: event as Notice["event"], data: readObject(JSON.parse(data), "event") };
}

/** Lost connections and busy nodes pass; refusals, and notices that make no sense, do not. */
function isPassing(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted) return true;
  if (error instanceof GalenError) return error.status === 503 || error.id === clientErrors.TimedOut.kind.id;
  if (error instanceof SyntaxError) throw galenError(clientErrors.UnexpectedAnswer({ field: "event" }), { cause: error });
  return error instanceof TypeError; // how fetch tells that a body broke off
}
