import { type PatientMarks, personIn as personOfDocument } from "@galen/gateway/fhir/patient-identity";
import { readOwnContents } from "@galen/gateway/reading/owned-records";
import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { webRandom } from "@galen/sdk/keys/random";
import { createSeedWords } from "@galen/sdk/keys/seed";
import { presentDocuments } from "@galen/sdk/records/owned-documents";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import type { Session } from "../session.ts";
import { accountFromWords, type OwnEntry, type WalletEntry } from "../wallet/entry.ts";
import { foldName, isAccountId, MAX_NAME_LENGTH, type Wallet } from "../wallet/wallet.ts";
import type { ReadyBundle } from "./bundle-files.ts";

/** What of a bundle tells whose it is. */
type PatientOfBundle = PatientMarks & Pick<ReadyBundle, "patientName">;

interface Named extends OwnAccount {
  readonly name: string;
}

/** A patient with keys in the wallet. */
interface Owner extends Named {
  /** Another person of the wallet, by name. */
  readonly sharesIdentifierWith: string | undefined;
}

/** A patient with keys in the wallet and an account on the ledger. */
export interface Patient extends Owner {
  /** Whether the account was made just now, so that nothing is filed for it yet. */
  readonly isNew: boolean;
}

/** Finds the patient of each bundle, or makes keys and account; one patient for all bundles of the same Patient. */
export function createPatients(session: Session): (bundle: PatientOfBundle) => Promise<Patient> {
  const { client } = session;
  const known = new Map<string, Promise<Patient>>();
  return (bundle) => {
    const marks = `${bundle.patientIdentity}/${bundle.patientPerson}`;
    const found = known.get(marks) ?? ownerOf(session, bundle).then((owner) => withAccount(client, owner));
    // Whoever asks next while the first is being made waits for it; afterwards the account is not new any more.
    const later = found.then((patient) => ({ ...patient, isNew: false }));
    later.catch(() => undefined); // the one who asked first hears of it
    known.set(marks, later);
    return found;
  };
}

async function withAccount(client: Client, owner: Owner): Promise<Patient> {
  return { ...owner, isNew: await createIfMissing(client, [owner]) };
}

/** The patient of a bundle in the wallet, with fresh keys where none of the entries with the identifier is the same person. */
async function ownerOf(session: Session, bundle: PatientOfBundle): Promise<Owner> {
  const { wallet } = session;
  const sharing = sharingIn(wallet.entries(), bundle);
  const known = personIn(sharing, bundle) ?? (await foundOnFile(session, { sharing, bundle }));
  const owner = known ? await namedOf(known) : await enterPatient(wallet, bundle);
  const other = sharingIn(wallet.entries(), bundle).find(({ account }) => account !== (known?.account ?? owner.account));
  return { ...owner, sharesIdentifierWith: other?.name };
}

/** Entries with keys under the identifier of a bundle's patient. */
function sharingIn(entries: readonly WalletEntry[], { patientIdentity }: PatientOfBundle): OwnEntry[] {
  return entries.filter((entry): entry is OwnEntry => entry.patientIdentity === patientIdentity && entry.words !== undefined);
}

function personIn(sharing: readonly OwnEntry[], { patientPerson }: PatientOfBundle): OwnEntry | undefined {
  return sharing.find((entry) => entry.patientPerson === patientPerson);
}

async function namedOf({ words, kind, name }: OwnEntry): Promise<Named> {
  return { ...(await accountFromWords(words, kind)), name };
}

interface Sought {
  readonly sharing: readonly OwnEntry[];
  readonly bundle: PatientOfBundle;
}

/** Of the entries that do not say which person they are, the one whose documents do so. */
async function foundOnFile({ client }: Session, { sharing, bundle }: Sought): Promise<OwnEntry | undefined> {
  for (const entry of sharing.filter(({ patientPerson }) => patientPerson === undefined)) {
    const person = await personOnFile(client, await accountFromWords(entry.words, entry.kind), bundle.patientIdentity);
    // Without documents an import was broken off before it filed any; the name was made from the bundle's.
    if (person === undefined ? isMadeFrom(entry.name, nameIn(bundle)) : person === bundle.patientPerson) return entry;
  }
  return undefined;
}

/** The person for whom documents of the identifier were filed first, read with the patient's own key; undefined where nothing is on file. */
async function personOnFile(client: Client, owner: OwnAccount, identity: string): Promise<string | undefined> {
  for (const { objectId } of await presentDocuments(client, owner.account)) {
    const opened = await readOwnContents(client, { as: owner, objectIds: [objectId], withoutErased: true, onUnreadable: ignore });
    for (const { content } of opened) {
      const person = await personOfDocument(content, identity);
      if (person !== undefined) return person;
    }
  }
  return undefined;
}

/** What does not open tells of nobody. */
function ignore(): void {}

/**
 * Fresh keys for the patient of a bundle, in the wallet before anything is done with them, and there as this person in one step: of several imports at once, one
 * makes the patient, and the others find it. Throws what `Wallet.put` throws.
 */
export async function enterPatient(wallet: Wallet, bundle: PatientOfBundle): Promise<Named> {
  const { patientIdentity, patientPerson } = bundle;
  const [words, kind] = [createSeedWords(webRandom), "person"] as const;
  const own = await accountFromWords(words, kind);
  const entry = await wallet.update(
    (entries): OwnEntry =>
      personIn(sharingIn(entries, bundle), bundle) ?? {
        ...{ account: own.account, name: freeName(entries, nameIn(bundle)), kind, words },
        ...{ patientIdentity, patientPerson },
      },
  );
  // Fresh words are not stretched again, which takes time.
  return entry.words === words ? { ...own, name: entry.name } : namedOf(entry);
}

function nameIn({ patientName = "Patient" }: PatientOfBundle): string {
  return patientName;
}

/** The name, or the name with the first number that nobody has yet: two patients may share one, and one that reads like an account would be taken for it. */
function freeName(entries: readonly WalletEntry[], name: string): string {
  const taken = new Set(entries.map((entry) => foldName(entry.name)));
  let candidate = name;
  for (let number = 2; taken.has(foldName(candidate)) || isAccountId(candidate); number++) candidate = numbered(name, number);
  return candidate;
}

/** A long name ends earlier, so that the number has room. */
function numbered(name: string, number: number): string {
  const suffix = ` (${number})`;
  const characters = Array.from(name).slice(0, MAX_NAME_LENGTH - suffix.length);
  return characters.join("").trimEnd() + suffix;
}

/** Whether `freeName` gave this name for that one. */
function isMadeFrom(given: string, name: string): boolean {
  const number = / \((\d+)\)$/.exec(given)?.[1];
  return given === name || (number !== undefined && given === numbered(name, Number(number)));
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
