import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import type { Database } from "./database.ts";

/** What requests are counted by: what they were for, or the house of who asked. */
export type CountedBy = "purpose" | "organisation";

/** Requests of one kind in one stretch of time. */
export interface ReleaseCount {
  /** Milliseconds since 1970, a multiple of the stretch. */
  readonly start: number;
  /** A purpose; or an organisation, empty for who works for none. */
  readonly kind: string;
  readonly opened: number;
  readonly refused: number;
}

export interface ReleaseCountOptions {
  readonly by: CountedBy;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly stepMs: number;
}

/**
 * Counts requests; one who asks waits for the one before, so that many who do are no more in the way of everybody else than one. Undefined when too many wait
 * already: who comes after them would wait for minutes.
 */
export type CountReleases = (options: ReleaseCountOptions) => Promise<readonly ReleaseCount[]> | undefined;

/** Some 20 ms on a busy machine, in which the thread that executes blocks does nothing else. */
const SLICE_ROWS = 2_000;

/** A count over 500,000 requests takes a second or two. */
export const MAX_WAITING = 16;

export function createReleaseCounter(db: Database, sliceRows = SLICE_ROWS): CountReleases {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return (options) => {
    if (waiting === MAX_WAITING) return undefined;
    waiting += 1;
    const counted = last.then(() => countReleases(db, options, sliceRows)).finally(() => (waiting -= 1));
    last = counted.catch(() => {}); // who waits for `counted` hears of it
    return counted;
  };
}

/** Requests of everybody since `from`, counted by kind in stretches of `stepMs`, the oldest first. */
async function countReleases(db: Database, options: ReleaseCountOptions, sliceRows: number): Promise<readonly ReleaseCount[]> {
  const counts = new Map<string, ReleaseCount>();
  for (let from: number | undefined = options.from; from !== undefined; ) {
    const end = await endOfSlice(db, from, sliceRows);
    for (const count of await countSlice(db, options, { from, end })) {
      const name = `${count.start} ${count.kind}`;
      const { opened, refused } = counts.get(name) ?? { opened: 0, refused: 0 };
      counts.set(name, { ...count, opened: opened + count.opened, refused: refused + count.refused });
    }
    from = end;
    await setImmediate();
  }
  return [...counts.values()].sort((one, other) => one.start - other.start || (one.kind < other.kind ? -1 : 1));
}

/** The time before which about so many requests lie from `from` on; undefined when there are fewer. Those of one moment stay together. */
async function endOfSlice(db: Database, from: number, sliceRows: number): Promise<number | undefined> {
  const row = await db
    .selectFrom("releases")
    .select("at")
    .where("at", ">=", from)
    .orderBy("at")
    .limit(1)
    .offset(sliceRows)
    .executeTakeFirst();
  return row && Math.max(row.at, from + 1);
}

/** Who works for several houses counts with the first by account; a house that reads itself counts as itself. */
const houseOfReader = sql<string>`coalesce(
  (select min(organisation) from memberships where member = releases.reader),
  (select organisation from memberships where organisation = releases.reader limit 1), '')`;

function countSlice(
  db: Database,
  { by, stepMs }: ReleaseCountOptions,
  { from, end }: { readonly from: number; readonly end: number | undefined },
): Promise<ReleaseCount[]> {
  return db
    .selectFrom("releases")
    .select([
      sql<number>`at / cast(${stepMs} as integer) * cast(${stepMs} as integer)`.as("start"),
      (by === "purpose" ? sql<string>`purpose` : houseOfReader).as("kind"),
      sql<number>`sum(outcome = 'released')`.as("opened"),
      sql<number>`sum(outcome = 'refused')`.as("refused"),
    ])
    .where("at", ">=", from)
    .where("at", "<", end ?? Number.MAX_SAFE_INTEGER)
    .groupBy(["start", "kind"])
    .execute();
}
