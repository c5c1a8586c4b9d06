import type { Actor } from "../client/actor.ts";
import { readInteger, readList, readObject } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { requestJson } from "../client/send-request.ts";
import { chainIdOf } from "../client/status.ts";

/** A page of the node's read model, newest first: quick to ask, not proven. */
export interface Page<T> {
  /** Up to which block the node has read. */
  readonly height: number;
  readonly items: readonly T[];
  /** `before` of the next page; null on the last. */
  readonly next: number | null;
}

export interface PageOptions {
  /** Who asks: the owner or a delegate; of an organisation, itself or one of its people. */
  readonly as: Actor;
  readonly before?: number | undefined;
  readonly limit?: number;
}

/** A row of the read model, as /v1/openapi.json describes it. */
export type Row = Readonly<Record<string, unknown>>;

/** The documents of an owner. Rejects with GalenError api/Forbidden for strangers. */
export function listRecords(client: Client, { owner, ...page }: PageOptions & { readonly owner: string }): Promise<Page<Row>> {
  return listPage(client, "/v1/records", { owner }, page);
}

/** Who read or tried to read objects of an owner. Rejects like `listRecords`. */
export function listReleases(client: Client, { owner, ...page }: PageOptions & { readonly owner: string }): Promise<Page<Row>> {
  return listPage(client, "/v1/releases", { owner }, page);
}

/** The grants that an owner gave, or those that name a reader, its organisations or its roles. Rejects like `listRecords`. */
export function listGrants(
  client: Client,
  { of, ...page }: PageOptions & { readonly of: { readonly owner: string } | { readonly reader: string } },
): Promise<Page<Row>> {
  return listPage(client, "/v1/grants", of, page);
}

/** The accounts that one can help to rescue as a guardian. */
export function listGuardianships(client: Client, page: PageOptions): Promise<Page<Row>> {
  return listPage(client, "/v1/guardianships", {}, page);
}

/** Who acts for an owner, or for whom a delegate acts; also delegations whose time is over. Rejects with GalenError api/Forbidden for strangers. */
export function listDelegations(
  client: Client,
  { of, ...page }: PageOptions & { readonly of: { readonly owner: string } | { readonly delegate: string } },
): Promise<Page<Row>> {
  return listPage(client, "/v1/delegations", of, page);
}

/** A page of one of the node's lists, read as `path` and its query ask for it. */
export async function listPage(
  client: Client,
  path: string,
  whose: Readonly<Record<string, string>>,
  { as: actor, before, limit }: PageOptions,
): Promise<Page<Row>> {
  const as = { actor, chainId: await chainIdOf(client) };
  return readPage(await requestJson(client, { path, query: { ...whose, before, limit }, as }), { path, before });
}

/** A page in a node's answer to who asked for what comes before `before`. Throws client/UnexpectedAnswer, also for a list that would never end. */
export function readPage(
  value: unknown,
  { path, before = Infinity }: { readonly path: string; readonly before?: number | undefined },
): Page<Row> {
  const answer = readObject(value, path);
  const next = answer.next === null || answer.next === undefined ? null : readInteger(answer.next, "next");
  const items = readList(answer.items, "items").map((item) => readObject(item, "items"));
  if (next !== null && (next < 0 || next >= before || items.length === 0))
    throw galenError(clientErrors.UnexpectedAnswer({ field: "next", reason: "must run down, behind some items" }));
  return {
    height: readInteger(answer.height, "height"),
    items,
    next,
  };
}
