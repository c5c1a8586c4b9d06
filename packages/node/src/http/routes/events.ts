import { Readable } from "node:stream";
import { delegationsOf } from "@galen/indexer";
import { Text } from "@galen/ledger/schema/types";
import type { Backend } from "../../backend.ts";
import { errors } from "../api-error.ts";
import { type Place as EventPlace, eventStream, type Topic, topics } from "../event-stream.ts";
import { optional, required } from "../fields.ts";
import { type Listener, personalTopics } from "../personal-facts.ts";
import { defineRoute } from "../route.ts";
import { wholeIndex } from "../whole-index.ts";

const topic = `(${topics.join("|")})`;
const Topics = Text(128, { pattern: `^${topic}(,${topic})*$` });
const Place = Text(25, { pattern: "^[0-9]{1,15}/[0-9]{1,9}$", description: "height/index, as in an event's id" });

const events = defineRoute({
  method: "GET",
  path: "/v1/events",
  summary:
    "Hear, as it becomes durable (server-sent events): of blocks and transactions, and of what concerns the account that signs. `releases`: who reads, or tries " +
    "to read, its records. `grants`: what it grants, or is granted by name, house or role, what is taken back, and each of its readings that a grant counts. " +
    "`documents`: what is filed or erased for it, or by it. `emergencies`: its emergency setting, readings in an emergency of its records, or by it, and what " +
    "was judged of them. `credentials`: those that it holds or has issued. `proposals`: those on which it may vote. `accounts`: what becomes of the account, of " +
    "its delegations and roles, and of those whose guardian it is. Who acts for an owner hears of that one's releases and emergencies (with the scope " +
    "`log.read`), grants (`vault.grant`) and documents (`records.read`), too.",
  auth: "optional",
  query: { topics: required(Topics), after: optional(Place) },
  answers: {
    200:
      "text/event-stream with events block, transaction, release, grant, document, emergency, credential, proposal, account, gap; id is height/index, " +
      "Last-Event-ID resumes, also where `after` names an earlier place; an id without an event says that everything up to there was told",
  },
  async handle(backend, { account, address, query, headers, signal }) {
    const { engine, crypto, streams } = backend;
    const wanted = new Set(query.topics.split(",") as Topic[]);
    const isPersonal = personalTopics.some((topic) => wanted.has(topic));
    if (isPersonal && account === undefined)
      throw errors.Unauthenticated({ reason: `${personalTopics.join(", ")} are told to those whom they concern` });
    // A browser that connects again sends the address that it began with, and in the header how far it has come since.
    const lastEventId = headers["last-event-id"] ?? query.after;
    const after = typeof lastEventId === "string" ? parsePlace(lastEventId) : undefined;
    const { height: latest } = engine.status();
    // Of a chain that was restored to less, or of another one: to wait for such a height in silence would look like a chain at rest.
    if (after && after.height > latest) throw errors.HeightNotHeld({ height: after.height, latest });
    // Before anything is read for it, and until it is closed, as it also is when nobody has read anything.
    const leave = streams.take(address);
    try {
      const listener = isPersonal ? await listenerOf(backend, account!) : undefined;
      const stream = eventStream({ engine, crypto, topics: wanted, listener, after, signal });
      const streamHeaders = { "cache-control": "no-store", "x-accel-buffering": "no" };
      return { type: "text/event-stream", headers: streamHeaders, body: Readable.from(stream).once("close", leave) };
    } catch (error) {
      leave();
      throw error;
    }
  },
});

/** Only whether it acts for anybody: strangers can give an account delegations without end, and whom for, the state says when an event names an owner. */
async function listenerOf(backend: Backend, account: string): Promise<Listener> {
  const { db } = await wholeIndex(backend);
  const { items } = await delegationsOf(db, { delegate: account }, { limit: 1 });
  return { account, actsForOthers: items.length > 0, read: () => backend.ledger.read() };
}

function parsePlace(text: string): EventPlace {
  const [, height, index] = /^([0-9]{1,15})\/([0-9]{1,9})$/.exec(text) ?? [];
  if (height === undefined) throw errors.InvalidField({ field: "after", reason: "must be height/index as in an event's id" });
  return { height: Number(height), index: Number(index) };
}

export const eventRoutes = [events];
