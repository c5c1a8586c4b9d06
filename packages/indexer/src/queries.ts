import { type Selectable, sql } from "kysely";
import type { Database, ProposalSubject, Tables } from "./database.ts";

/** One page of a list, newest first. `next`, handed in as `before`, gives the page after; undefined at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: number | undefined;
}

export interface PageOptions {
  readonly before?: number | undefined;
  readonly limit: number;
}

export type DocumentRow = Selectable<Tables["documents"]>;
export type ReleaseRow = Omit<Selectable<Tables["releases"]>, "object_ids"> & { readonly object_ids: readonly string[] };
export type GrantRow = Omit<Selectable<Tables["grants"]>, "covers" | "purposes"> & {
  readonly covers: unknown;
  readonly purposes: readonly string[];
};
export type VoteRow = Pick<Selectable<Tables["votes"]>, "account" | "vote" | "at">;
export type ProposalRow = Omit<Selectable<Tables["proposals"]>, "messages" | "asked"> & {
  readonly messages: readonly { readonly type: string; readonly value: string }[];
  readonly asked: readonly string[];
  readonly votes: readonly VoteRow[];
};

export type ValidatorSetRow = Omit<Selectable<Tables["validator_sets"]>, "is_complete"> & {
  readonly is_complete: boolean;
  readonly validators: readonly Omit<Selectable<Tables["validator_powers"]>, "number">[];
};

export interface MemberRow {
  readonly member: string;
  readonly roles: readonly string[];
  readonly until: number | null;
  readonly number: number;
}
export type GuardianshipRow = Selectable<Tables["guardianships"]>;
export type DelegationRow = Omit<Selectable<Tables["delegations"]>, "scopes"> & { readonly scopes: readonly string[] };

/** Documents of an owner, the last filed first. */
export async function documentsOf(db: Database, owner: string, page: PageOptions): Promise<Page<DocumentRow>> {
  const query = db.selectFrom("documents").selectAll().where("owner", "=", owner).where("number", "<", startOf(page));
  return pageOf(await query.orderBy("number", "desc").limit(page.limit).execute(), page);
}

/** The log of an owner: who read, and who tried to, the latest first. */
export async function releasesOf(db: Database, owner: string, page: PageOptions): Promise<Page<ReleaseRow>> {
  const query = db.selectFrom("releases").selectAll().where("owner", "=", owner).where("number", "<", startOf(page));
  const rows = await query.orderBy("number", "desc").limit(page.limit).execute();
  return pageOf(
    rows.map((row) => ({ ...row, object_ids: JSON.parse(row.object_ids) as string[] })),
    page,
  );
}

/** Grants that an owner has given, the latest first; also revoked and expired ones. */
export async function grantsOf(db: Database, owner: string, page: PageOptions): Promise<Page<GrantRow>> {
  const query = db.selectFrom("grants").selectAll().where("owner", "=", owner).where("number", "<", startOf(page));
  return pageOf((await query.orderBy("number", "desc").limit(page.limit).execute()).map(grantRow), page);
}

/** The people of an organisation with all their roles, also those whose time is over; who was entered or changed last stands first. */
export async function membersOf(db: Database, organisation: string, page: PageOptions): Promise<Page<MemberRow>> {
  const rows = await db
    .selectFrom("memberships")
    .select(["member", "until", "number"])
    .select(sql<string>`json_group_array(role order by role)`.as("roles"))
    .where("organisation", "=", organisation)
    .where("number", "<", startOf(page))
    .groupBy(["number", "member", "until"])
    .orderBy("number", "desc")
    .limit(page.limit)
    .execute();
  return pageOf(
    rows.map((row) => ({ ...row, roles: JSON.parse(row.roles) as string[] })),
    page,
  );
}

/** The accounts that have a public key (hex) among theirs, at most `limit`: those first that have had it longest. */
export async function accountsWithKey(
  db: Database,
  { publicKey, limit }: { readonly publicKey: string; readonly limit: number },
): Promise<readonly string[]> {
  const query = db.selectFrom("account_keys").select("account").where("public_key", "=", publicKey);
  return (await query.orderBy("height").orderBy("account").limit(limit).execute()).map(({ account }) => account);
}

/** The accounts that a guardian can help to rescue, the latest first. */
export async function guardedBy(db: Database, guardian: string, page: PageOptions): Promise<Page<GuardianshipRow>> {
  const query = db.selectFrom("guardianships").selectAll().where("guardian", "=", guardian).where("number", "<", startOf(page));
  return pageOf(await query.orderBy("number", "desc").limit(page.limit).execute(), page);
}

/** Who acts for an owner, or for whom a delegate acts, the latest first; also delegations whose time is over. */
export async function delegationsOf(
  db: Database,
  of: { readonly owner: string } | { readonly delegate: string },
  page: PageOptions,
): Promise<Page<DelegationRow>> {
  const all = db.selectFrom("delegations").selectAll().where("number", "<", startOf(page));
  const query = "owner" in of ? all.where("owner", "=", of.owner) : all.where("delegate", "=", of.delegate);
  const rows = await query.orderBy("number", "desc").limit(page.limit).execute();
  return pageOf(
    rows.map((row) => ({ ...row, scopes: JSON.parse(row.scopes) as string[] })),
    page,
  );
}

export interface ProposalsOptions extends PageOptions {
  /** Only those that have not ended. */
  readonly open: boolean;
  /** Only those that this account proposed or is asked for. */
  readonly voter?: string | undefined;
  readonly about?: ProposalSubject | undefined;
}

/** What the texts of a page of proposals have together: 60 of the largest, and hundreds of usual ones. */
const MAX_PROPOSALS_BYTES = 1_048_576;

/** Proposals with their votes, the latest first; fewer than `limit`, one at least, where their texts are long. */
export async function listProposals(db: Database, { open, voter, about, ...page }: ProposalsOptions): Promise<Page<ProposalRow>> {
  const query = db
    .selectFrom("proposals")
    .where("number", "<", startOf(page))
    .$if(open, (all) => all.where("ending", "is", null))
    .$if(about !== undefined, (all) => all.where("about", "=", about!))
    .$if(voter !== undefined, (all) => all.where("number", "in", db.selectFrom("voters").select("number").where("account", "=", voter!)));
  // SQLite knows how long a text is without reading it.
  const size = sql<number>`octet_length(messages) + octet_length(asked)`.as("size");
  const sizes = await query.select(size).orderBy("number", "desc").limit(page.limit).execute();
  const fitting = countFitting(sizes);
  const rows = await query.selectAll().orderBy("number", "desc").limit(fitting).execute();
  const ids = rows.map((row) => row.proposal_id);
  const votes = await db.selectFrom("votes").selectAll().where("proposal_id", "in", ids).orderBy("at").orderBy("account").execute();
  return pageOf(
    rows.map(({ messages, asked, ...row }) => ({
      ...row,
      messages: JSON.parse(messages) as ProposalRow["messages"],
      asked: JSON.parse(asked) as string[],
      votes: votes.filter((vote) => vote.proposal_id === row.proposal_id).map(({ account, vote, at }) => ({ account, vote, at })),
    })),
    fitting < sizes.length ? { limit: fitting } : page,
  );
}

function countFitting(texts: readonly { readonly size: number }[]): number {
  let bytes = 0;
  let count = 0;
  for (const { size } of texts) {
    bytes += size;
    if (bytes > MAX_PROPOSALS_BYTES && count > 0) break;
    count += 1;
  }
  return count;
}

/** Validator sets with everybody's power, the latest first: power over time. */
export async function listValidatorSets(db: Database, page: PageOptions): Promise<Page<ValidatorSetRow>> {
  const query = db.selectFrom("validator_sets").selectAll().where("number", "<", startOf(page));
  const sets = await query.orderBy("number", "desc").limit(page.limit).execute();
  const numbers = sets.map(({ number }) => number);
  const powers = await db.selectFrom("validator_powers").selectAll().where("number", "in", numbers).orderBy("public_key").execute();
  return pageOf(
    sets.map(({ is_complete, ...set }) => ({
      ...set,
      is_complete: is_complete === 1,
      validators: powers
        .filter(({ number }) => number === set.number)
        .map(({ public_key, organisation, power }) => ({ public_key, organisation, power })),
    })),
    page,
  );
}

/** A grant as it is told. */
export function grantRow({ covers, purposes, ...row }: Selectable<Tables["grants"]>): GrantRow {
  return { ...row, covers: JSON.parse(covers), purposes: JSON.parse(purposes) as string[] };
}

/** The number that a page lies below. */
export function startOf({ before }: PageOptions): number {
  return before ?? Number.MAX_SAFE_INTEGER;
}

/** The page that holds these. */
export function pageOf<T extends { readonly number: number }>(items: readonly T[], { limit }: PageOptions): Page<T> {
  return { items, next: items.length === limit ? items.at(-1)?.number : undefined };
}
