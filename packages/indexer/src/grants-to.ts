import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import type { Database } from "./database.ts";
import { type GrantRow, grantRow, type Page, type PageOptions, pageOf, startOf } from "./queries.ts";

/**
 * Grants that name `reader`, an organisation of theirs, or a role they have there at `now` (ms since 1970); the latest first. Undefined when too many wait already
 * who are entered in as many houses.
 */
export type ListGrantsTo = (reader: string, now: number, page: PageOptions) => Promise<Page<GrantRow> | undefined>;

/** Entries in houses that are looked through at once, some 5 ms. Nobody who works has so many; but whoever is entered in thousands of houses, which takes nobody's consent, must make no others wait. */
const SLICE_ROWS = 200;

export const MAX_WAITING_FOR_GRANTS = 16;

/** Lists grants to readers. Those with more entries than a slice has are served one after the other, in turns; all others at once. */
export function createGrantLister(db: Database, sliceRows = SLICE_ROWS): ListGrantsTo {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (reader, now, page) => {
    const before = Math.min(startOf(page), await nextNumber(db)); // what is granted meanwhile would be in some slices, and not in others
    const listing = { reader, now, before, limit: page.limit };
    const end = await endOfSlice(db, { reader, after: "", sliceRows });
    const first = await sliceOf(db, listing, { after: "", end });
    if (end === undefined) return pageOf(first, page);
    if (waiting === MAX_WAITING_FOR_GRANTS) return undefined;
    waiting += 1;
    const listed = last.then(() => walk(db, listing, { first, after: end, sliceRows })).finally(() => (waiting -= 1));
    last = listed.catch(() => {}); // who waits for `listed` hears of it
    return pageOf(await listed, page);
  };
}

interface Listing {
  readonly reader: string;
  readonly now: number;
  readonly before: number;
  readonly limit: number;
}

async function nextNumber(db: Database): Promise<number> {
  const row = await db.selectFrom("grants").select("number").orderBy("number", "desc").limit(1).executeTakeFirst();
  return row ? row.number + 1 : 0;
}

interface Rest {
  readonly first: readonly GrantRow[];
  readonly after: string;
  readonly sliceRows: number;
}

async function walk(db: Database, listing: Listing, { first, after: begin, sliceRows }: Rest): Promise<readonly GrantRow[]> {
  let found = first;
  for (let after: string | undefined = begin; after !== undefined; ) {
    await setImmediate();
    const end = await endOfSlice(db, { reader: listing.reader, after, sliceRows });
    const slice = await sliceOf(db, listing, { after, end });
    const byNumber = new Map([...found, ...slice].map((row) => [row.number, row])); // grants to the reader by name are in each
    found = [...byNumber.values()].sort((one, other) => other.number - one.number).slice(0, listing.limit);
    after = end;
  }
  return found;
}

/** The house with which a slice ends; undefined when there are no more entries than it has. All entries in a house stay together. */
async function endOfSlice(
  db: Database,
  { reader, after, sliceRows }: { readonly reader: string; readonly after: string; readonly sliceRows: number },
): Promise<string | undefined> {
  const entries = db.selectFrom("memberships").select("organisation").where("member", "=", reader).where("organisation", ">", after);
  const row = await entries.orderBy("organisation").limit(1).offset(sliceRows).executeTakeFirst();
  return row?.organisation;
}

/** Whom a grant names: a person, an organisation as a whole, or a role there. */
interface Grantee {
  readonly kind: string;
  readonly grantee: string;
  readonly role: string | null;
}

/**
 * The first of the grants through the houses of a slice. Each house, and each role there, is a list of its own with its place in an index, of which a page at most is
 * looked at: asked for with alternatives, SQLite would go through everybody's grants. It goes from list to list by itself.
 */
async function sliceOf(
  db: Database,
  { reader, now, before, limit }: Listing,
  { after, end }: { readonly after: string; readonly end: string | undefined },
): Promise<readonly GrantRow[]> {
  const rows = await db
    .with("roles", (within) =>
      within
        .selectFrom("memberships")
        .select(["organisation", "role"])
        .where("member", "=", reader)
        .where("organisation", ">", after)
        .$if(end !== undefined, (all) => all.where("organisation", "<=", end!))
        .where(({ or, eb }) => or([eb("until", "is", null), eb("until", ">", now)])),
    )
    // An organisation reads what it was granted as a whole, as its members do.
    .with(
      "grantees",
      () => sql<Grantee>`
        (select 'person' as kind, ${reader} as grantee, null as role
        union select 'organisation', ${reader}, null
        union select 'organisation', organisation, null from roles
        union select 'role', organisation, role from roles)`,
    )
    .selectFrom("grantees")
    .crossJoin("grants")
    .selectAll("grants")
    .where("grants.number", "in", ({ selectFrom }) =>
      selectFrom("grants as named")
        .select("named.number")
        .whereRef("named.grantee", "=", "grantees.grantee")
        .whereRef("named.grantee_kind", "=", "grantees.kind")
        .whereRef("named.role", "is", "grantees.role")
        .where("named.number", "<", before)
        .orderBy("named.number", "desc")
        .limit(limit),
    )
    .orderBy("grants.number", "desc")
    .limit(limit)
    .execute();
  return rows.map(grantRow);
}
