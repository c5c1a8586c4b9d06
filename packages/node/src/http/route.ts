import type { TSchema } from "typebox";
import type { Backend } from "../backend.ts";
import type { Fields, ValuesOf } from "./fields.ts";

/** What a request of a route brought, checked against its fields. */
export interface RouteRequest<P extends Fields = Fields, Q extends Fields = Fields, B extends Fields = Fields> {
  readonly params: ValuesOf<P>;
  readonly query: ValuesOf<Q>;
  /** Fields of a JSON body. */
  readonly fields: ValuesOf<B>;
  /** The body as it came. */
  readonly body: Uint8Array;
  /** The query as it came, for routes whose parameters depend on the ledger's version. */
  readonly rawQuery: Readonly<Record<string, unknown>>;
  /** The account that signed the request; undefined only where `auth` allows it. */
  readonly account: string | undefined;
  /** Validator key of the node that signed the request, hex; undefined where `auth` is not `node`. */
  readonly node: string | undefined;
  /** By which limits count the client (`clientNetwork`), as far as the proxies before it are trusted. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Aborted when the client has gone or the node stops. */
  readonly signal: AbortSignal;
}

/** What an answer means: in words, or by the schema of one in JSON, which may have a `description` besides. */
export type AnswerMeaning = string | (TSchema & { readonly description?: unknown });

/** What a handler answers. */
export interface Answer {
  /** Default 200. */
  readonly status?: number;
  /** Media type; default JSON. */
  readonly type?: string;
  /** Bytes and streams are sent as they are, everything else as JSON. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whether a request must, may or need not be signed by an account, or must come from another node of the network. */
export type Authorisation = "none" | "optional" | "account" | "node";

export interface RouteBody<B extends Fields> {
  readonly type: string;
  readonly maxBytes: number;
  /** Of a JSON body. */
  readonly fields?: B;
}

/** One row of the API's table. */
export interface Route<P extends Fields = Fields, Q extends Fields = Fields, B extends Fields = Fields> {
  readonly method: "GET" | "POST";
  /** Parameters as `:name`. */
  readonly path: string;
  readonly summary: string;
  readonly auth: Authorisation;
  readonly params: P;
  readonly query: Q | "any";
  readonly body?: RouteBody<B>;
  /** The answers by status; refusals come on top. */
  readonly answers: Readonly<Record<number, AnswerMeaning>>;
  readonly handle: (backend: Backend, request: RouteRequest<P, Q, B>) => Answer | Promise<Answer>;
}

/** Untyped rows stand in one list. */
export type AnyRoute = Omit<Route, "handle"> & { readonly handle: (backend: Backend, request: never) => Answer | Promise<Answer> };

const NO_FIELDS = {};

/** A row with its types tied together; fields that are left out are none. */
export function defineRoute<P extends Fields = typeof NO_FIELDS, Q extends Fields = typeof NO_FIELDS, B extends Fields = typeof NO_FIELDS>(
  route: Omit<Route<P, Q, B>, "params" | "query" | "auth"> & { params?: P; query?: Q | "any"; auth?: Authorisation },
): AnyRoute {
  return { params: NO_FIELDS, query: NO_FIELDS, auth: "none", ...route };
}

/** The methods that the table has for the path of a URL, HEAD with every GET; none for an address that is not there. */
export function methodsAt(routes: readonly AnyRoute[], url: string): string[] {
  const steps = url.split("?", 1)[0]!.split("/");
  const found = routes.filter(({ path }) => {
    const wanted = path.split("/");
    return wanted.length === steps.length && wanted.every((step, at) => (step.startsWith(":") ? steps[at] !== "" : step === steps[at]));
  });
  return found.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method]));
}
