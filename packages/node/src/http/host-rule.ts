import { isIP } from "node:net";
import type { FastifyRequest } from "fastify";
import type { Backend } from "../backend.ts";
import { errors } from "./api-error.ts";
import { originsOf } from "./cross-origin.ts";

/** A host in a Host header, a port behind it or not (RFC 9110 §7.2). */
const HOST = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]\\]+)(?::\d{1,5})?$/i;

/** Whether an address to listen on is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Whether a Host header names this machine as only itself does: such a name leads nobody elsewhere, whoever serves the page (RFC 6761 §6.3). */
export function namesThisMachine(header: string | undefined): boolean {
  const name = hostIn(header);
  return name !== undefined && (isLoopback(name) || name.endsWith(".localhost"));
}

/** Refuses a request by its Host header. Throws Refusal api/UnknownHost. */
export type HostRule = (request: Pick<FastifyRequest, "headers">) => void;

/**
 * The rule of a node that listens for this machine alone, or for a proxy on it: a page elsewhere could point its own name here (DNS rebinding), and be of one
 * origin with the API in the browser of somebody who sits here. So a name must be one that this machine or the settings know. An address cannot be pointed anywhere.
 */
export function createHostRule(
  httpHost: string,
  { peers, webOrigins, publicUrl }: Pick<Backend, "peers" | "webOrigins" | "publicUrl">,
): HostRule {
  if (!isLoopback(httpHost)) return () => {};
  const own = [...webOrigins, ...(publicUrl === undefined ? [] : [publicUrl])];
  return ({ headers: { host } }) => {
    // No browser leaves it out.
    if (host === undefined || namesThisMachine(host)) return;
    const name = hostIn(host);
    if (name !== undefined && (isIP(name) !== 0 || [...own, ...originsOf(peers)].some((url) => URL.parse(url)?.hostname === name))) return;
    throw errors.UnknownHost();
  };
}

/** The name or address in it, without the brackets of IPv6. */
function hostIn(header: string | undefined): string | undefined {
  return HOST.exec(header ?? "")?.[1]
    ?.toLowerCase()
    .replace(/^\[(.*)\]$/, "$1");
}
