import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { AccountKind } from "@galen/ledger/modules/accounts/schema";
import { accountKeys } from "@galen/sdk/keys/account-keys";
import { seedFromCheckedWords } from "@galen/sdk/keys/checked-words";
import { KeyError } from "@galen/sdk/keys/key-error";
import { type OwnAccount, ownAccount } from "@galen/sdk/transactions/own-account";
import { useSyncExternalStore } from "react";
import { noteArrival } from "../network/heights.ts";
import { keptByTab } from "../storage/kept.ts";
import { type SavedPerson, savedPerson } from "./people-store.ts";
import { tellTabs } from "./tabs.ts";

/** Somebody whose keys are unlocked in this tab. They live in its memory and nowhere else. */
export interface Person {
  readonly saved: SavedPerson;
  readonly own: OwnAccount;
}

/** `locked`: the tab belongs to somebody whose passphrase or passkey is needed again. */
export type Session =
  | { readonly state: "restoring" }
  | { readonly state: "nobody" }
  | { readonly state: "locked"; readonly saved: SavedPerson }
  | { readonly state: "open"; readonly person: Person };

/** Each tab has its own person, so that a patient and a doctor may stand side by side. */
const STORED = "galen.person";

let session: Session = { state: "restoring" };
const listeners = new Set<() => void>();

function become(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Who sits at this tab. */
export function useSession(): Session {
  return useSyncExternalStore(subscribe, () => session);
}

/** The person whose keys are unlocked. Only pages whose audience is `person` may ask. */
export function usePerson(): Person {
  const now = useSession();
  if (now.state !== "open") throw new Error("this page is for somebody with unlocked keys");
  return now.person;
}

/** The account whose keys are unlocked. */
export function unlockedAccount(now: Session): string | undefined {
  return now.state === "open" ? now.person.own.account : undefined;
}

/** Whether somebody's keys are unlocked in this tab at this moment. What was begun with them may end after a lock, also one in another tab. */
export function isUnlocked(account: string): boolean {
  return unlockedAccount(session) === account;
}

/** Finds out who sat at this tab before it was loaded. */
export async function restoreSession(): Promise<void> {
  const account = keptByTab.get(STORED);
  const saved = account === null ? undefined : await savedPerson(account).catch(() => undefined);
  if (session.state !== "restoring") return;
  if (!saved) become({ state: "nobody" });
  else if (saved.lock.kind !== "town") become({ state: "locked", saved });
  // Whom a browser kept without words takes the place again on the start page.
  else await enter(saved, saved.lock.words).catch(leave);
}

/** Unlocks somebody's keys in this tab. Rejects with KeyError for words of somebody else. */
export async function enter(saved: SavedPerson, words: string): Promise<void> {
  const own = await heldBy(saved, words);
  keptByTab.set(STORED, saved.account);
  noteArrival();
  become({ state: "open", person: { saved, own } });
}

/**
 * The account that somebody's words open. One that guardians have given these keys is the account that it was before; what its keys would found is another.
 * Rejects with KeyError for words of somebody else.
 */
export async function heldBy({ account, kind, givenKeys }: SavedPerson, words: string): Promise<OwnAccount> {
  const own = await accountOfWords(words, kind);
  const isTheirs = givenKeys ? bytesToHex(own.keys.signing.publicKey) === givenKeys.signingKey : own.account === account;
  if (!isTheirs) throw new KeyError("WordsInvalid", "These seed words belong to another account.");
  return { ...own, account };
}

/** The account whose place this tab is, unlocked or not. */
export function accountHere(): string | undefined {
  if (session.state === "open") return session.person.saved.account;
  return session.state === "locked" ? session.saved.account : undefined;
}

/** Takes the keys out of memory. The tab still knows whose they were. */
export function lock(): void {
  if (session.state !== "open") return;
  const { saved } = session.person;
  if (saved.lock.kind === "town") leave();
  else become({ state: "locked", saved });
}

/** Locks in every tab: who locks goes away from the device, and not from a tab. */
export function lockEverywhere(): void {
  const account = accountHere();
  lock();
  if (account !== undefined) tellTabs({ kind: "locked", account });
}

/** Leaves the tab to whoever comes next. */
export function leave(): void {
  keptByTab.remove(STORED);
  become({ state: "nobody" });
}

/** The first account of seed words that were checked before, as the command line makes it. */
export async function accountOfWords(words: string, kind: AccountKind): Promise<OwnAccount> {
  return ownAccount(accountKeys(await seedFromCheckedWords(words), 0), kind);
}
