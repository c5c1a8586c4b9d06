import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { webRandom } from "@galen/sdk/keys/random";
import { createSeedWords } from "@galen/sdk/keys/seed";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import type { Session } from "../session.ts";
import { accountFromWords, type OwnEntry } from "../wallet/entry.ts";
import { foldName, type Wallet } from "../wallet/wallet.ts";
import type { ReadyBundle } from "./bundle-files.ts";

/** A patient with keys in the wallet. */
interface Owner extends OwnAccount {
  readonly name: string;
}

/** A patient with keys in the wallet and an account on the ledger. */
export interface Patient extends Owner {
  /** Whether the account was made just now, so that nothing is filed for it yet. */
  readonly isNew: boolean;
}

/** Finds the patient of each bundle, or makes keys and account; one patient for all bundles of the same Patient. */
export function createPatients({ client, wallet }: Session): (bundle: ReadyBundle) => Promise<Patient> {
  const known = new Map<string, Promise<Patient>>();
  // One after the other: two patients of one name must not both take it.
  let lastOwner: Promise<unknown> = Promise.resolve();

  function ownerOf(bundle: ReadyBundle): Promise<Owner> {
    const owner = lastOwner.then(() => knownPatient(wallet, bundle.patientIdentity) ?? addPatient(wallet, bundle));
    lastOwner = owner.catch(() => undefined);
    return owner;
  }

  return (bundle) => {
    const found = known.get(bundle.patientIdentity) ?? ownerOf(bundle).then((owner) => withAccount(client, owner));
    // Whoever asks next while the first is being made waits for it; afterwards the account is not new any more.
    const later = found.then((patient) => ({ ...patient, isNew: false }));
    later.catch(() => undefined); // the one who asked first hears of it
    known.set(bundle.patientIdentity, later);
    return found;
  };
}

async function withAccount(client: Client, owner: Owner): Promise<Patient> {
  return { ...owner, isNew: await createIfMissing(client, [owner]) };
}

function knownPatient(wallet: Wallet, identity: string): Promise<Owner> | undefined {
  const entry = wallet.entries().find((entry): entry is OwnEntry => entry.patientIdentity === identity && entry.words !== undefined);
  return entry && accountFromWords(entry.words, entry.kind).then((account) => ({ ...account, name: entry.name }));
}

/** Fresh keys, in the wallet before anything is done with them. They are derived once: the words are stretched, which takes time. */
async function addPatient(wallet: Wallet, { patientName = "Patient", patientIdentity }: ReadyBundle): Promise<Owner> {
  const [words, kind, name] = [createSeedWords(webRandom), "person", freeName(wallet, patientName)] as const;
  const account = await accountFromWords(words, kind);
  await wallet.put({ account: account.account, name, kind, words, patientIdentity });
  return { ...account, name };
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
