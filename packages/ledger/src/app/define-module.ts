import type { Static, TSchema } from "typebox";
import type { AuditContext, BlockContext, Context, ReadContext, WriteContext } from "./context.ts";
import type { EventKind } from "./events.ts";
import type { RefusalKind } from "./refusal.ts";

/** One kind of message: what it carries and what it does. */
export interface MessageKind {
  /** `module.verb`. */
  readonly type: string;
  readonly summary: string;
  readonly schema: TSchema;
  readonly handle: (context: Context, message: never) => void;
  /** Addresses of the sealed blobs that the message names; the transaction must carry storage receipts for them. */
  readonly blobs: (message: never) => readonly string[];
  /** How much more than a common message it asks for, far beyond its size; default 1. */
  readonly weight?: number;
}

/** A read-only question to the state. */
export interface QueryKind {
  /** `module.noun`. */
  readonly name: string;
  readonly summary: string;
  readonly parameters: TSchema;
  readonly result: TSchema;
  readonly run: (context: ReadContext, parameters: never) => unknown;
}

/** A rule that must hold after every block; throws Error when it does not. For tests, which audit whole chains. */
export type Invariant = (context: AuditContext) => void;

/** What a module adds to the ledger. Order of modules: a module may call functions of those before it. */
export interface Module {
  readonly name: string;
  readonly messages: readonly MessageKind[];
  readonly queries: readonly QueryKind[];
  readonly events: readonly EventKind<never>[];
  readonly errors: Readonly<Record<string, { readonly kind: RefusalKind }>>;
  readonly collections: readonly { readonly prefix: string; readonly schema: TSchema; decode(bytes: Uint8Array): unknown }[];
  /** Writes the first state from the module's part of the genesis document. */
  readonly genesis?: GenesisPart;
  /** Runs once before the transactions of each block: what has become due executes by itself. */
  readonly onBlock?: (context: BlockContext) => void;
  readonly invariants: Readonly<Record<string, Invariant>>;
}

export interface GenesisPart {
  readonly schema: TSchema;
  readonly initialise: (context: WriteContext, document: never) => void;
  /** What to do when the document has no such part; without it, the part is required. */
  readonly absent?: (context: WriteContext) => void;
}

/** A message kind, with its types tied together. */
export function defineMessage<S extends TSchema>(kind: {
  type: string;
  summary: string;
  schema: S;
  handle: (context: Context, message: Static<S>) => void;
  blobs?: (message: Static<S>) => readonly string[];
  weight?: number;
}): MessageKind {
  return { blobs: () => [], ...kind };
}

/** A query kind, with its types tied together. */
export function defineQuery<P extends TSchema, R extends TSchema>(kind: {
  name: string;
  summary: string;
  parameters: P;
  result: R;
  run: (context: ReadContext, parameters: Static<P>) => Static<R>;
}): QueryKind {
  return kind;
}

/** A module's part of the genesis document, with its types tied together. */
export function defineGenesis<S extends TSchema>(part: {
  schema: S;
  initialise: (context: WriteContext, document: Static<S>) => void;
  absent?: (context: WriteContext) => void;
}): GenesisPart {
  return part;
}

/** Checks that a module's literals carry its name, so that every message, event and collection leads back to its folder. */
export function defineModule(module: Module): Module {
  const names = [...module.messages.map((m) => m.type), ...module.queries.map((q) => q.name), ...module.events.map((e) => e.type)];
  for (const name of names) if (!name.startsWith(`${module.name}.`)) throw new Error(`${name} does not start with ${module.name}.`);
  for (const { prefix } of module.collections) {
    if (!prefix.startsWith(`${module.name}/`)) throw new Error(`${prefix} does not start with ${module.name}/`);
  }
  return module;
}
