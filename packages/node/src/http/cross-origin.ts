import type { FastifyReply, FastifyRequest } from "fastify";
import type { Backend } from "../backend.ts";

/** What a page of another origin may send, and how long a browser may remember that. */
const PREFLIGHT = {
  "access-control-allow-methods": "GET, POST",
  "access-control-allow-headers": "authorization, content-type, last-event-id",
  "access-control-max-age": "600",
};

/** Answers the browsers' question whether a page of another origin may read what this node says (Fetch standard, CORS protocol). */
export type CrossOriginRule = (request: FastifyRequest, reply: FastifyReply) => boolean;

/**
 * Allows the origins of the settings and those of the other nodes, whose wallets collect the custodians' shares here. No others: the API takes no cookies,
 * but in a closed network a foreign page could else read through a visitor's browser what only its members can reach. True if that was all the request asked for.
 */
export function createCrossOriginRule({ peers, webOrigins }: Pick<Backend, "peers" | "webOrigins">): CrossOriginRule {
  return ({ headers, method }, reply) => {
    reply.header("vary", "origin");
    const { origin } = headers;
    if (origin === undefined || !(webOrigins.includes(origin) || originsOf(peers).has(origin))) return false;
    reply.headers({ "access-control-allow-origin": origin, "access-control-expose-headers": "retry-after, galen-height" });
    if (method !== "OPTIONS" || headers["access-control-request-method"] === undefined) return false;
    reply.headers(PREFLIGHT);
    return true;
  };
}

/** Where the other nodes are reached, by this one and by clients. */
export function originsOf(peers: Backend["peers"]): ReadonlySet<string> {
  const addresses = peers.list().flatMap(({ url, publicUrl }) => [url, publicUrl]);
  return new Set(addresses.map((address) => new URL(address).origin));
}
