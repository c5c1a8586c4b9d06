import type Sqlite from "better-sqlite3";
import { SCHEMA_VERSION } from "./database.ts";

/** All tables of the read model; `database.ts` gives their types. */
const CREATE = `
create table cursor (id integer primary key check (id = 1), height integer not null) strict;
insert into cursor values (1, 0);

create table objects (object_id text primary key, compartment text not null, size_bytes integer not null, erased_at integer) strict, without rowid;

create table documents (
  object_id text primary key, owner text not null, number integer not null, author text not null, organisation text,
  compartment text not null, size_bytes integer not null, relation text not null, related_object text,
  created_at integer not null, erased_at integer
) strict, without rowid;
create unique index documents_by_owner on documents (owner, number);

create table releases (
  release_id text primary key, owner text not null, number integer not null, reader text not null, purpose text not null, grant_id text,
  outcome text not null, reason text not null, object_ids text not null, at integer not null, height integer not null
) strict, without rowid;
create unique index releases_by_owner on releases (owner, number);
create index releases_by_time on releases (at);

create table grants (
  grant_id text primary key, number integer not null unique, owner text not null, granted_by text not null,
  grantee_kind text not null, grantee text not null, role text, covers text not null, purposes text not null,
  valid_from integer not null, valid_until integer not null, reads_left integer, credential_type text,
  created_at integer not null, revoked_at integer
) strict, without rowid;
create index grants_by_owner on grants (owner, number);
create index grants_by_grantee on grants (grantee, grantee_kind, role, number);

create table proposals (
  proposal_id text primary key, number integer not null unique, proposer text not null, version integer not null, messages_hash text not null,
  messages text not null, about text not null, asked text not null, created_at integer not null, expires_at integer not null,
  refusal_code integer, ending text, ended_at integer
) strict, without rowid;
create index proposals_by_ending on proposals (ending, number);
create index proposals_by_subject on proposals (ending, about, number);

create table voters (account text not null, number integer not null, primary key (account, number)) strict, without rowid;

create table votes (
  proposal_id text not null, account text not null, vote text not null, at integer not null, primary key (proposal_id, account)
) strict, without rowid;

create table validator_sets (
  number integer primary key, height integer not null, at integer not null, epoch integer not null, policy text not null, is_complete integer not null
) strict;

create table validator_powers (
  number integer not null, public_key text not null, organisation text, power integer not null, primary key (number, public_key)
) strict, without rowid;
create index validator_powers_by_organisation on validator_powers (organisation, number);

create table memberships (
  organisation text not null, member text not null, role text not null, until integer, number integer not null,
  primary key (organisation, member, role)
) strict, without rowid;
create index memberships_by_member on memberships (member);
create index memberships_by_organisation on memberships (organisation, number);
create index memberships_by_number on memberships (number);

create table account_keys (
  public_key text not null, account text not null, height integer not null, primary key (public_key, account)
) strict, without rowid;
create index account_keys_by_account on account_keys (account);

create table guardianships (number integer primary key, account text not null, guardian text not null, unique (account, guardian)) strict;
create index guardianships_by_guardian on guardianships (guardian, number);

create table delegations (
  number integer primary key, owner text not null, delegate text not null, scopes text not null, until integer not null, ground text not null,
  unique (owner, delegate)
) strict;
create index delegations_by_delegate on delegations (delegate, number);
`;

/** Whether the file holds tables of this program's version. */
export function hasCurrentTables(sqlite: Sqlite.Database): boolean {
  return sqlite.pragma("user_version", { simple: true }) === SCHEMA_VERSION;
}

/** Drops whatever the file holds and creates empty tables, all or nothing. */
export function recreateTables(sqlite: Sqlite.Database): void {
  const existing = sqlite
    .prepare<[], { name: string }>("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
    .all();
  sqlite.transaction(() => {
    for (const { name } of existing) sqlite.exec(`drop table "${name}"`);
    sqlite.exec(CREATE);
    sqlite.pragma(`user_version = ${SCHEMA_VERSION}`);
  })();
}
