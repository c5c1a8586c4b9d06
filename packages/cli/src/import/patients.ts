import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import type { Session } from "../session.ts";
import { accountFromWords, type OwnEntry } from "../wallet/entry.ts";
import { addFreshKeys, foldName, type Wallet } from "../wallet/wallet.ts";
import type { ReadyBundle } from "./bundle-files.ts";

/** A patient with keys in the wallet and an account on the ledger. */
export interface Patient extends OwnAccount {
  readonly name: string;
  /** Whether the account was made just now, so that nothing is filed for it yet. */
  readonly isNew: boolean;
}

/** Finds the patient of each bundle, or makes keys and account; one patient for all bundles of the same Patient. */
export function createPatients({ client, wallet }: Session): (bundle: ReadyBundle) => Promise<Patient> {
  const known = new Map<string, Promise<Patient>>();
  // One after the other: two patients of one name must not both take it.
  let lastEntry: Promise<unknown> = Promise.resolve();

  function entryOf(bundle: ReadyBundle): Promise<OwnEntry> {
    const entry = lastEntry.then(() => ownEntryOf(wallet, bundle.patientIdentity) ?? addPatient(wallet, bundle));
    lastEntry = entry.catch(() => undefined);
    return entry;
  }

  return (bundle) => {
    const found = known.get(bundle.patientIdentity) ?? entryOf(bundle).then((entry) => patientOf(client, entry));
    // Whoever asks next while the first is being made waits for it; afterwards the account is not new any more.
    const later = found.then((patient) => ({ ...patient, isNew: false }));
    later.catch(() => undefined); // the one who asked first hears of it
    known.set(bundle.patientIdentity, later);
    return found;
  };
}

async function patientOf(client: Client, { name, words, kind }: OwnEntry): Promise<Patient> {
  const account = await accountFromWords(words, kind);
  return { ...account, name, isNew: await createIfMissing(client, [account]) };
}

function ownEntryOf(wallet: Wallet, identity: string): OwnEntry | undefined {
  return wallet.entries().find((entry): entry is OwnEntry => entry.patientIdentity === identity && entry.words !== undefined);
}

function addPatient(wallet: Wallet, { patientName = "Patient", patientIdentity }: ReadyBundle): Promise<OwnEntry> {
  return addFreshKeys(wallet, { name: freeName(wallet, patientName), kind: "person", patientIdentity });
}

/** The name, or the name with the first number that nobody has yet: two patients may share one. */
function freeName(wallet: Wallet, name: string): string {
  const taken = new Set(wallet.entries().map((entry) => foldName(entry.name)));
  let candidate = name;
  for (let number = 2; taken.has(foldName(candidate)); number++) candidate = `${name} (${number})`;
  return candidate;
}

/** Creates accounts in one transaction (at most 16). False when they exist already, from a run that was interrupted or an earlier one. */
export async function createIfMissing(client: Client, accounts: readonly OwnAccount[]): Promise<boolean> {
  try {
    await submit(client, { actors: accounts, messages: accounts.map(({ creation }) => creation) });
    return true;
  } catch (error) {
    if (error instanceof GalenError && error.id === "accounts/AlreadyExists") return false;
    throw error;
  }
}
