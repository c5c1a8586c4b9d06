import { Readable } from "node:stream";
import { isGuardian } from "@galen/ledger/modules/accounts/index";
import { isVoter } from "@galen/ledger/modules/approvals/index";
import { Text } from "@galen/ledger/schema/types";
import { errors } from "../api-error.ts";
import { type Place as EventPlace, type EventStreamOptions, eventStream, type Topic, topics } from "../event-stream.ts";
import { optional, required } from "../fields.ts";
import { defineRoute } from "../route.ts";

const topic = `(${topics.join("|")})`;
const Topics = Text(64, { pattern: `^${topic}(,${topic})*$` });
const Place = Text(25, { pattern: "^[0-9]{1,15}/[0-9]{1,9}$", description: "height/index, as in an event's id" });

/** Topics of which everybody hears something else. */
const personal: readonly Topic[] = ["releases", "proposals", "accounts"];

const events = defineRoute({
  method: "GET",
  path: "/v1/events",
  summary:
    "Hear of blocks, transactions, of the releases of one's own records, of the proposals on which one may vote, and of what becomes of one's own account " +
    "and of those whose guardian one is, as they become durable (server-sent events).",
  auth: "optional",
  query: { topics: required(Topics), after: optional(Place) },
  answers: {
    200: "text/event-stream with events block, transaction, release, proposal, account, gap; id is height/index, Last-Event-ID resumes",
  },
  handle({ engine, crypto, ledger, streams }, { account, address, query, headers, signal }) {
    const wanted = new Set(query.topics.split(",") as Topic[]);
    if (personal.some((topic) => wanted.has(topic)) && account === undefined)
      throw errors.Unauthenticated({ reason: "releases, proposals and accounts are told to those whom they concern" });
    const lastEventId = query.after ?? headers["last-event-id"];
    const after = typeof lastEventId === "string" ? parsePlace(lastEventId) : undefined;
    const { height: latest } = engine.status();
    // Of a chain that was restored to less, or of another one: to wait for such a height in silence would look like a chain at rest.
    if (after && after.height > latest) throw errors.HeightNotHeld({ height: after.height, latest });
    const concerning: Pick<EventStreamOptions, "mayVote" | "isGuardian"> = {
      mayVote: (vote) => isVoter(ledger.read(), vote),
      isGuardian: (of) => isGuardian(ledger.read(), of),
    };
    const stream = eventStream({ engine, crypto, topics: wanted, account, ...concerning, after, signal });
    const streamHeaders = { "cache-control": "no-store", "x-accel-buffering": "no" };
    return { type: "text/event-stream", headers: streamHeaders, body: Readable.from(streams.counted(address, stream)) };
  },
});

function parsePlace(text: string): EventPlace {
  const [, height, index] = /^([0-9]{1,15})\/([0-9]{1,9})$/.exec(text) ?? [];
  if (height === undefined) throw errors.InvalidField({ field: "after", reason: "must be height/index as in an event's id" });
  return { height: Number(height), index: Number(index) };
}

export const eventRoutes = [events];
