import type { ReadContext } from "@galen/ledger/app/context";
import { type ServedEntry, type ServedFault, servedFault } from "@galen/ledger/modules/vault/served-log";
import { releases } from "@galen/ledger/modules/vault/state";

/** Where the log is kept: append only. */
export interface ServedLogPort {
  last(): Promise<ServedEntry | undefined>;
  /** Resolves when the entry is durable. Called one at a time. */
  append(entry: ServedEntry): Promise<void>;
}

/** What an audit finds wrong with an entry. */
export interface ServedFinding {
  readonly number: number;
  readonly fault: ServedFault;
}

/** Compares a custodian's log with the ledger: every answer must follow a committed release to the same reader. An empty list is a clean log. */
export function auditServed(ctx: ReadContext, entries: readonly ServedEntry[]): ServedFinding[] {
  return entries.flatMap((entry, number) => {
    const fault = servedFault(entry, { before: entries[number - 1], release: releases.get(ctx, entry.releaseId) }, ctx.crypto);
    return fault ? [{ number, fault }] : [];
  });
}
