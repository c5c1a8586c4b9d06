import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { webRandom } from "@galen/sdk/keys/random";
import { createSeedWords } from "@galen/sdk/keys/seed";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import type { Session } from "../session.ts";
import { accountFromWords, type OwnEntry, type WalletEntry } from "../wallet/entry.ts";
import { foldName, type Wallet } from "../wallet/wallet.ts";
import type { ReadyBundle } from "./bundle-files.ts";

type PatientOfBundle = Pick<ReadyBundle, "patientName" | "patientIdentity">;

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
export function createPatients({ client, wallet }: Session): (bundle: PatientOfBundle) => Promise<Patient> {
  const known = new Map<string, Promise<Patient>>();
  return (bundle) => {
    const found = known.get(bundle.patientIdentity) ?? ownerOf(wallet, bundle).then((owner) => withAccount(client, owner));
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

/**
 * The patient whom the wallet knows by this identity. Else fresh keys, which are in the wallet before anything is done with them, and there under the identity in
 * one step: of several imports at once, one makes the patient, and the others find it. Throws what `Wallet.put` throws.
 */
export async function ownerOf(wallet: Wallet, { patientName = "Patient", patientIdentity }: PatientOfBundle): Promise<Owner> {
  const known = patientIn(wallet.entries(), patientIdentity);
  if (known) return ownerOfEntry(known);
  const [words, kind] = [createSeedWords(webRandom), "person"] as const;
  const own = await accountFromWords(words, kind);
  const entry = await wallet.update(
    (entries): OwnEntry =>
      patientIn(entries, patientIdentity) ?? { account: own.account, name: freeName(entries, patientName), kind, words, patientIdentity },
  );
  // Fresh words are not stretched again, which takes time.
  return entry.words === words ? { ...own, name: entry.name } : ownerOfEntry(entry);
}

function patientIn(entries: readonly WalletEntry[], identity: string): OwnEntry | undefined {
  return entries.find((entry): entry is OwnEntry => entry.patientIdentity === identity && entry.words !== undefined);
}

async function ownerOfEntry({ words, kind, name }: OwnEntry): Promise<Owner> {
  return { ...(await accountFromWords(words, kind)), name };
}

/** The name, or the name with the first number that nobody has yet: two patients may share one. */
function freeName(entries: readonly WalletEntry[], name: string): string {
  const taken = new Set(entries.map((entry) => foldName(entry.name)));
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
