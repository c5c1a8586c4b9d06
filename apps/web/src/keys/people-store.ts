import type { AccountKind } from "@galen/ledger/modules/accounts/schema";
import type { RecoveryRequest } from "@galen/sdk/accounts/recovery";
import { createDatabase } from "../storage/database.ts";
import { tellTabs } from "./tabs.ts";

/** Words under a passphrase: a key file, as the command line and other devices read it. */
interface PassphraseLock {
  readonly kind: "passphrase";
  readonly keyFile: string;
}

/** Words under a secret that only the passkey's device gives (WebAuthn PRF). */
export interface PasskeyLock {
  readonly kind: "passkey";
  readonly credentialId: Uint8Array<ArrayBuffer>;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly sealedWords: Uint8Array<ArrayBuffer>;
}

/** Nothing to lock: the words of the sample town's people are for everybody. */
interface TownLock {
  readonly kind: "town";
  readonly words: string;
}

/** Somebody whose keys this browser keeps. Words never lie here unlocked, but for those of the sample town. */
export interface SavedPerson {
  readonly account: string;
  readonly name: string;
  readonly kind: AccountKind;
  readonly lock: PassphraseLock | PasskeyLock | TownLock;
  /** What the person is in the network, such as `patient` or `clinician`; decides which desk opens. */
  readonly part?: string;
  /** Accounts for which the person acts, such as those of children. */
  readonly actsFor?: readonly string[];
  /** Account of the organisation for which the person works. */
  readonly worksFor?: string;
  readonly createdAt: number;
  /** Nobody knows yet whether the ledger has the account: no answer has come to its creation. */
  readonly isUnfounded?: boolean;
  /** Public halves of keys that guardians give, or have given, to the account: it does not follow from the words then. */
  readonly givenKeys?: RecoveryRequest;
  /** Guardians have yet to approve those keys, or the time to object runs, or the records have yet to be sealed to them. */
  readonly isRecovering?: boolean;
}

/** A name that this browser knows for an account. Names stand nowhere else. */
export interface Contact {
  readonly account: string;
  readonly name: string;
  readonly part?: string;
  /** Account of the organisation for which the person works. */
  readonly worksFor?: string;
}

type Stores = { people: SavedPerson; contacts: Contact };

const database = createDatabase<Stores>({ name: "galen", version: 1, stores: ["people", "contacts"] });

export async function savedPeople(): Promise<readonly SavedPerson[]> {
  const people = await database.getAll("people");
  return people.toSorted((a, b) => b.createdAt - a.createdAt);
}

export async function savedPerson(account: string): Promise<SavedPerson | undefined> {
  return database.get("people", account);
}

export async function savePerson(person: SavedPerson): Promise<void> {
  await database.put("people", person);
}

export async function forgetPerson(account: string): Promise<void> {
  await database.delete("people", account);
}

export async function savedContacts(): Promise<readonly Contact[]> {
  return database.getAll("contacts");
}

export async function saveContact(contact: Contact): Promise<void> {
  await database.put("contacts", contact);
  tellTabs({ kind: "named" });
}
