import { errors } from "../errors.ts";
import type { OwnEntry, WalletEntry } from "./entry.ts";
import { type AddressBook, foldName, isAccountId } from "./wallet.ts";

/**
 * The entry of a name or account id. Throws Refusal cli/AmbiguousName, with the accounts that have it; cli/UnknownName, with names that are near; why the
 * address book is closed, if it is.
 */
export function requireEntry(wallet: AddressBook, nameOrAccount: string): WalletEntry {
  const wanted = foldName(nameOrAccount);
  const entries = wallet.entries();
  const fitting = entries.filter(({ account, name }) => account === nameOrAccount || foldName(name) === wanted);
  if (fitting.length > 1) throw errors.AmbiguousName({ name: nameOrAccount, accounts: fitting.map(({ account }) => account).join(" | ") });
  if (fitting[0]) return fitting[0];
  if (wallet.closed) throw wallet.closed;
  const near = nearNames(
    wanted,
    entries.map(({ name }) => name),
  );
  throw errors.UnknownName({ name: nameOrAccount, ...(near.length > 0 && { didYouMean: near.join(" | ") }) });
}

/** The entry of somebody for whom the wallet can sign. Throws Refusal cli/AmbiguousName, cli/UnknownName, cli/NoKeys. */
export function requireOwnEntry(wallet: AddressBook, nameOrAccount: string): OwnEntry {
  const entry = requireEntry(wallet, nameOrAccount);
  if (entry.words === undefined) throw errors.NoKeys({ name: entry.name });
  return { ...entry, words: entry.words };
}

/** The account of a name; an account id stands for itself, known to the wallet or not. */
export function accountOf(wallet: AddressBook, nameOrAccount: string): string {
  return isAccountId(nameOrAccount) ? nameOrAccount : requireEntry(wallet, nameOrAccount).account;
}

/** How an account is shown: by its name, else by the beginning of its id. */
export function nameOf(wallet: AddressBook, account: string): string {
  return wallet.entries().find((entry) => entry.account === account)?.name ?? `${account.slice(0, 12)}…`;
}

const MAX_SUGGESTIONS = 3;

/** Names that contain what was typed, else those that are few keystrokes away. */
function nearNames(typed: string, names: readonly string[]): readonly string[] {
  const containing = names.filter((name) => foldName(name).includes(typed));
  if (containing.length > 0) return containing.slice(0, MAX_SUGGESTIONS);
  return names
    .map((name) => ({ name, distance: editDistance(typed, foldName(name)) }))
    .filter(({ distance }) => distance <= Math.max(2, typed.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ name }) => name);
}

/** Levenshtein: insertions, deletions and replacements of one UTF-16 unit that lead from one text to the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other ? 0 : 1)));
    row = next;
  }
  return row[to.length]!;
}
