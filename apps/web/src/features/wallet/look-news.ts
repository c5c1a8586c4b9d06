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
  const isEarlier = at < now - NOW_MS;
  const what = outcome.kind === "refused" ? "triedTitle" : isEarlier ? "readTitle" : "sawTitle";
  return { title: owner === account ? what : `${what}Of`, isEarlier };
}
