import { defineCollection, defineOrderedCollection } from "../../app/collection.ts";
import type { Context, ReadContext } from "../../app/context.ts";
import { errors } from "./errors.ts";
import { Account, type Authority, Delegation, DueRecovery, Leaving, Membership, Recoveries } from "./schema.ts";

/** `accounts/records/<account>` -> Account */
export const accounts = defineCollection<[account: string], typeof Account>("accounts/records", Account);
/** `accounts/recoveries/<account>` -> the open recoveries of one account; no record when there is none. */
export const recoveries = defineCollection<[account: string], typeof Recoveries>("accounts/recoveries", Recoveries);
/** `accounts/recovery-queue/<dueAt>/<account>` -> the running recoveries by the time at which they execute. */
export const recoveryQueue = defineOrderedCollection<[dueAt: number, account: string], typeof DueRecovery>(
  "accounts/recovery-queue",
  DueRecovery,
);
/** `accounts/members/<organisation>/<member>` -> Membership */
export const members = defineCollection<[organisation: string, member: string], typeof Membership>("accounts/members", Membership);
/** `accounts/left/<organisation>/<member>` -> Leaving: when a membership was ended last; from ledger version 4 on */
export const left = defineCollection<[organisation: string, member: string], typeof Leaving>("accounts/left", Leaving);
/** `accounts/delegations/<owner>/<delegate>` -> Delegation */
export const delegations = defineCollection<[owner: string, delegate: string], typeof Delegation>("accounts/delegations", Delegation);

/** The account, or refuses with accounts/UnknownAccount. */
export function requireAccount(ctx: Pick<ReadContext, "state">, account: string): Account {
  const record = accounts.get(ctx, account);
  if (!record) throw errors.UnknownAccount({ account });
  return record;
}

/** The account, if it signed; else refuses with accounts/UnknownAccount or accounts/NotOwner. */
export function requireOwner(ctx: Pick<ReadContext, "state"> & Pick<Context, "signers">, account: string): Account {
  const record = requireAccount(ctx, account);
  if (!ctx.signers.includes(account)) throw errors.NotOwner({ account });
  return record;
}

/** Refuses with accounts/RepeatedEntry when a list names something twice. */
export function requireDistinct(list: string, entries: readonly string[]): void {
  if (new Set(entries).size !== entries.length) throw errors.RepeatedEntry({ list });
}

export function totalWeight(keys: Authority["keys"]): number {
  return keys.reduce((sum, { weight }) => sum + weight, 0);
}
