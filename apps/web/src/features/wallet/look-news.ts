import type { Release } from "@galen/ledger/modules/vault/schema";

/** What was read longer ago is not told as if it happened now: the tab was out of sight, or the connection lost. */
const NOW_MS = 120_000;

/** How a reading is told to the owner, or to whoever acts for the owner: which title it has, and whether it says when. */
export interface LookNews {
  readonly title: "sawTitle" | "sawTitleOf" | "readTitle" | "readTitleOf" | "triedTitle" | "triedTitleOf";
  readonly isEarlier: boolean;
}

/** `account`: who is told; `now`: milliseconds since 1970. */
export function lookNews(
  { owner, outcome, at }: Pick<Release, "owner" | "outcome" | "at">,
  { account, now }: { readonly account: string; readonly now: number },
): LookNews {
  const isEarlier = isPast(at, now);
  const what = outcome.kind === "refused" ? "triedTitle" : isEarlier ? "readTitle" : "sawTitle";
  return { title: owner === account ? what : `${what}Of`, isEarlier };
}

/** As many readers fit into a notice by name. */
const MAX_NAMED = 3;

/** How several readings of one owner's records are told as one, or several attempts that were refused. */
export interface ManyLooks {
  readonly title: "readTimes" | "readTimesOf" | "triedTimes" | "triedTimesOf";
  /** When the first one was, milliseconds since 1970; undefined if all happen now. */
  readonly since: number | undefined;
  /** Who reads most, and how often. */
  readonly named: readonly { readonly reader: string; readonly count: number }[];
  /** How many more readers there are. */
  readonly others: number;
}

/** `looks`: at least one, all of one owner's records and with outcomes of one kind; `account`: who is told; `now`: milliseconds since 1970. */
export function manyLooks(
  looks: readonly Pick<Release, "owner" | "outcome" | "at" | "reader">[],
  { account, now }: { readonly account: string; readonly now: number },
): ManyLooks {
  const { owner, outcome } = looks[0]!;
  const what = outcome.kind === "refused" ? "triedTimes" : "readTimes";
  const first = Math.min(...looks.map(({ at }) => at));
  const readers = [...Map.groupBy(looks, ({ reader }) => reader)].map(([reader, { length: count }]) => ({ reader, count }));
  const named = readers.toSorted((a, b) => b.count - a.count).slice(0, MAX_NAMED);
  return {
    title: owner === account ? what : `${what}Of`,
    since: isPast(first, now) ? first : undefined,
    named,
    others: readers.length - named.length,
  };
}

function isPast(at: number, now: number): boolean {
  return at < now - NOW_MS;
}
