import type { TSchema } from "typebox";
import { createTransactionCodec, type Signature, type TransactionBody, type TransactionCodec } from "../tx/transaction.ts";
import type { ReadContext, WriteContext } from "./context.ts";
import type { MessageKind, Module, QueryKind } from "./define-module.ts";
import type { Genesis } from "./genesis.ts";

/** The rules of the ledger from some height on: which modules, and how a transaction's signers are recognised. */
export interface LedgerVersion {
  readonly number: number;
  /** In order: a module may call functions of those before it. */
  readonly modules: readonly Module[];
  /** Refuses unless the signatures authorise every signer. The signatures themselves are already verified. */
  readonly authenticate: (context: ReadContext, body: TransactionBody, signatures: readonly Signature[]) => void;
  /** Before every message of a transaction but the first, and of those that it runs: refuses when one before it has ended the chain. */
  readonly betweenMessages?: (context: Pick<ReadContext, "state">) => void;
  /** Brings the state from the version before to this one, in the first block of this version or of a later one that follows upon it at once. */
  readonly migrate?: (context: WriteContext) => void;
  /** Begins a chain that goes on from another, in its first block. Throws Error unless the other one has named this genesis document. */
  readonly succeed?: (context: WriteContext, genesis: Genesis) => void;
}

/** A version with its look-up tables. */
export interface CompiledVersion extends LedgerVersion {
  readonly messages: ReadonlyMap<string, MessageKind>;
  readonly queries: ReadonlyMap<string, QueryKind>;
  readonly codec: TransactionCodec;
}

/** Builds the tables; throws Error when two modules claim one name, code or prefix. */
export function compileVersion(version: LedgerVersion): CompiledVersion {
  const messages = uniqueMap(version.modules.flatMap((m) => m.messages.map((kind) => [kind.type, kind] as const)));
  const queries = uniqueMap(version.modules.flatMap((m) => m.queries.map((kind) => [kind.name, kind] as const)));
  uniqueMap(version.modules.flatMap((m) => m.collections.map(({ prefix }) => [prefix, m.name] as const)));
  uniqueMap(version.modules.flatMap((m) => Object.values(m.errors).map(({ kind }) => [kind.code, kind.id] as const)));
  const schemas = new Map<string, TSchema>([...messages].map(([type, kind]) => [type, kind.schema]));
  return { ...version, messages, queries, codec: createTransactionCodec(schemas) };
}

function uniqueMap<K, V>(entries: readonly (readonly [K, V])[]): Map<K, V> {
  const map = new Map<K, V>();
  for (const [key, value] of entries) {
    if (map.has(key)) throw new Error(`two modules define ${String(key)}`);
    map.set(key, value);
  }
  return map;
}
