import { rmSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { type Generated, Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement, type Transaction } from "kysely";

/** Rises with every change of a table or of what goes into one: a file of another version is rebuilt from the ledger. */
export const SCHEMA_VERSION = 9;

/** `access`: an owner is asked for grants, which concerns two people. `decision`: everything else. */
export type ProposalSubject = "access" | "decision";

export interface Tables {
  /** One row: up to where the ledger has been read. */
  cursor: { id: 1; height: number };
  documents: {
    object_id: string;
    owner: string;
    number: number;
    author: string;
    organisation: string | null;
    compartment: string;
    size_bytes: number;
    relation: string;
    related_object: string | null;
    created_at: number;
    erased_at: number | null;
  };
  /** Sealed objects; a document is one with a row in `documents`, too. */
  objects: { object_id: string; compartment: string; size_bytes: number; erased_at: number | null };
  releases: {
    release_id: string;
    owner: string;
    number: number;
    reader: string;
    purpose: string;
    grant_id: string | null;
    outcome: "released" | "refused";
    /** By what right, or why not. */
    reason: string;
    object_ids: string;
    at: number;
    height: number;
  };
  grants: {
    grant_id: string;
    /** Order of granting over the whole ledger. */
    number: number;
    owner: string;
    granted_by: string;
    grantee_kind: string;
    grantee: string;
    role: string | null;
    covers: string;
    purposes: string;
    valid_from: number;
    valid_until: number;
    reads_left: number | null;
    credential_type: string | null;
    created_at: number;
    revoked_at: number | null;
  };
  proposals: {
    proposal_id: string;
    /** Order of proposing over the whole ledger. */
    number: number;
    proposer: string;
    version: number;
    messages_hash: string;
    messages: string;
    about: ProposalSubject;
    asked: string;
    created_at: number;
    expires_at: number;
    /** What stood against it at the last try. */
    refusal_code: number | null;
    /** How it ended; null while it is open. */
    ending: "executed" | "declined" | "withdrawn" | "expired" | null;
    ended_at: number | null;
  };
  /** Who may vote on a proposal: its proposer, and who is asked. */
  voters: { account: string; number: number };
  votes: { proposal_id: string; account: string; vote: "approved" | "declined"; at: number };
  validator_sets: {
    /** Order of the changes. */
    number: number;
    /** Of the block that changed the set; it decides from two blocks later on. */
    height: number;
    at: number;
    epoch: number;
    policy: "equal" | "stake" | "delegated" | "work";
    /** 0 when a further step follows in the next epoch. */
    is_complete: 0 | 1;
  };
  validator_powers: { number: number; public_key: string; organisation: string | null; power: number };
  memberships: {
    organisation: string;
    member: string;
    role: string;
    until: number | null;
    /** Order of the entries over the whole ledger; the same for all roles of a member. */
    number: number;
  };
  /** Who has which key now. */
  account_keys: {
    public_key: string;
    account: string;
    /** Of the block since which the account has its present keys. */
    height: number;
  };
  /** Who can rescue which account. */
  guardianships: { number: Generated<number>; account: string; guardian: string };
  /** Who acts for whom, also when the time is over: the ledger keeps it until it is ended. */
  delegations: { number: Generated<number>; owner: string; delegate: string; scopes: string; until: number; ground: string };
}

export type Database = Kysely<Tables>;
export type Writer = Transaction<Tables>;

/** An SQLite file with what reads and writes it. */
export interface OpenDatabase {
  readonly sqlite: Sqlite.Database;
  readonly db: Database;
}

/** Hears an error that may be damage to the file, which a statement may meet long after the opening. */
export type HearDamage = (error: unknown) => void;

/** Opens an SQLite file, or `:memory:`. Not synced on every write: what a crash takes is read again from the ledger. Throws SqliteError. */
export function openDatabase(path: string, hearDamage: HearDamage = () => {}): OpenDatabase {
  const sqlite = new Sqlite(path);
  try {
    sqlite.pragma("journal_mode = WAL");
    sqlite.pragma("synchronous = NORMAL");
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return { sqlite, db: new Kysely<Tables>({ dialect: new SqliteDialect({ database: withPreparedOnce(sqlite, hearDamage) }) }) };
}

/** Deletes the file with what SQLite keeps beside it. Who has it open goes on with what it has. */
export function deleteDatabase(path: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
}

export function isSqliteError(error: unknown): error is InstanceType<typeof Sqlite.SqliteError> {
  return error instanceof Sqlite.SqliteError;
}

/** Whether SQLite says that the disk has damaged its file. */
export function isDamage(error: unknown): boolean {
  return isSqliteError(error) && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}

/** More than the statements of all views and lists; those with a list of values have one for each length. */
const MAX_STATEMENTS = 256;

/** Kysely prepares every statement anew, which costs SQLite as much as executing it. */
function withPreparedOnce(sqlite: Sqlite.Database, hearDamage: HearDamage): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();

  function watched<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      hearDamage(error);
      throw error;
    }
  }

  return {
    prepare(sql) {
      const known = statements.get(sql);
      if (known) return known;
      if (statements.size >= MAX_STATEMENTS) statements.clear();
      const prepared = watched(() => sqlite.prepare<unknown[]>(sql)) as SqliteStatement;
      const statement: SqliteStatement = {
        reader: prepared.reader,
        all: (parameters) => watched(() => prepared.all(parameters)),
        run: (parameters) => watched(() => prepared.run(parameters)),
        iterate: (parameters) => prepared.iterate(parameters),
      };
      statements.set(sql, statement);
      return statement;
    },
    close: () => void sqlite.close(),
  };
}
