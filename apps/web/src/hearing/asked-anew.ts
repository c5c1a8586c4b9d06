import type { Notice } from "@galen/sdk/client/subscribe";
import type { QueryKey } from "@tanstack/react-query";
import { queries } from "../frame/queries.ts";

/** What may have changed when somebody hears of an event, and so is asked anew where it is shown. A gap hides any of them. */
const askedAnew: Readonly<Record<Exclude<Notice["event"], "gap">, readonly QueryKey[]>> = {
  block: [["chain", "latest"]],
  transaction: [],
  release: [["release-log"], ["own-grants"]],
  grant: [["own-grants"], ["received-grants"], ["own-proposals"]],
  document: [["own-chart"]],
  emergency: [
    ["chain", "emergency-setting"],
    ["chain", "emergency-use"],
    ["chain", "waiting-uses"],
  ],
  credential: [["credentials"], ["prescriber"]],
  proposal: [["own-proposals"], ["chain", "issuers"]],
  account: [["chain", "recoveries"], ["guarded"], ["delegations"], ["staff"], ["card-signer"], ["received-grants"], ["own-proposals"]],
};

/** What the ledger does not decide. */
const elsewhere: readonly unknown[] = ["network", "town", "people", "names", "app-fingerprint"];

const waiting = new Set<QueryKey>();
const everything: QueryKey = [];

/** Has asked anew what an event may have changed. Several that are told in one go are answered in one go. */
export function askAnew({ event }: Pick<Notice, "event">): void {
  if (waiting.size === 0) setTimeout(askForAll);
  for (const queryKey of event === "gap" ? [everything] : askedAnew[event]) waiting.add(queryKey);
}

function askForAll(): void {
  const keys = waiting.has(everything) ? [everything] : [...waiting];
  waiting.clear();
  for (const queryKey of keys) void queries.invalidateQueries({ queryKey, predicate: ({ queryKey: [name] }) => !elsewhere.includes(name) });
}
