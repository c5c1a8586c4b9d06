import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Refusal } from "@galen/ledger/app/refusal";
import { nativeScrypt } from "@galen/node/crypto/native-scrypt";
import { writeFileDurably } from "@galen/node/keys/durable-file";
import { readIfThere } from "@galen/node/keys/secret-file";
import { KeyError } from "@galen/sdk/keys/key-error";
import { openKeyFile, sealKeyFile } from "@galen/sdk/keys/key-file";
import { webRandom } from "@galen/sdk/keys/random";
import { createSeedWords } from "@galen/sdk/keys/seed";
import { errors } from "../errors.ts";
import { accountFromWords, type OwnEntry, type WalletEntry } from "./entry.ts";
import { withLock } from "./lock.ts";
import { createSealer, type Sealer } from "./sealed-file.ts";

/** The sample town's keys lie open: its people are invented, and the first minute needs no typing. */
export const TOWN_PASSPHRASE = "galen-town";

/**
 * A folder with keys and the address book. `wallet.json` holds the master key under the passphrase (scrypt), `entries/<account>` one person or
 * organisation each, name included, under the master key; `network.json` says which network is trusted.
 */
export interface Wallet {
  readonly folder: string;
  /** Whether its passphrase is the public one of the sample town. */
  readonly isTown: boolean;
  /** In the order of their names, as this process knows them. */
  entries(): readonly WalletEntry[];
  /** Writes an entry, durable before this resolves. Throws Refusal cli/NameTaken when another account has its name, cli/BadName, cli/WalletBusy. */
  put(entry: WalletEntry): Promise<void>;
  /**
   * Writes, as `put` does, the entry that `decide` makes of all entries as they stand, those that other processes have written included; none of them
   * writes in between. An entry that it gives back as it is stays.
   */
  update<E extends WalletEntry>(decide: (entries: readonly WalletEntry[]) => E): Promise<E>;
}

/** Whom a wallet knows by name. */
export interface AddressBook extends Pick<Wallet, "entries"> {
  /** Why nobody is known, where the wallet is missing or locked. */
  readonly closed?: Refusal;
}

const FILE = "wallet.json";
const ENTRIES = "entries";
/** Another text after every write, by which processes see that others have written. */
const REVISION = "revision";

/** Whether a wallet lies in the folder. */
export async function hasWallet(folder: string): Promise<boolean> {
  return (await readIfThere(join(folder, FILE))) !== undefined;
}

/** Makes a wallet with a fresh master key; opens the one that another process has made in the meantime. Throws like `openWallet`, Refusal cli/WalletBusy. */
export async function createWallet(folder: string, passphrase: string): Promise<Wallet> {
  await mkdir(join(folder, ENTRIES), { recursive: true, mode: 0o700 });
  return withLock(folder, async () => {
    if (await hasWallet(folder)) return openWallet(folder, passphrase);
    const masterKey = Uint8Array.from(randomBytes(32));
    await writeFileDurably(join(folder, FILE), Buffer.from(await sealKeyFile(masterKey, passphrase, nativeScrypt)));
    return readWallet(folder, { sealer: await createSealer(masterKey), isTown: passphrase === TOWN_PASSPHRASE });
  });
}

/** Opens a wallet. Throws Refusal cli/NoWallet, cli/WrongPassphrase, cli/BrokenWallet. */
export async function openWallet(folder: string, passphrase: string): Promise<Wallet> {
  const text = await readIfThere(join(folder, FILE));
  if (text === undefined) throw errors.NoWallet({ folder });
  const sealer = await createSealer(await openMasterKey(text, passphrase));
  return readWallet(folder, { sealer, isTown: passphrase === TOWN_PASSPHRASE });
}

async function openMasterKey(text: string, passphrase: string): Promise<Uint8Array> {
  try {
    return await openKeyFile(text, passphrase, nativeScrypt);
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw error.code === "PasswordWrong" ? errors.WrongPassphrase() : errors.BrokenWallet({ file: FILE });
  }
}

async function readWallet(folder: string, { sealer, isTown }: { sealer: Sealer; isTown: boolean }): Promise<Wallet> {
  // Read beside the lock: of a write that has told of itself, the entry may be missing still. The first write reads them again.
  let known: Entries = { ...(await readEntries(folder, sealer)), revision: undefined };
  let lastWrite: Promise<unknown> = Promise.resolve();

  async function write<E extends WalletEntry>(decide: (entries: readonly WalletEntry[]) => E): Promise<E> {
    if ((await readRevision(folder)) !== known.revision) known = await readEntries(folder, sealer);
    const { byAccount } = known;
    const entry = decide(inOrder(byAccount));
    if (byAccount.get(entry.account) === entry) return entry;
    requireFreeName(byAccount.values(), entry);

    const revision = randomUUID();
    await writeFile(join(folder, REVISION), revision);
    await writeFileDurably(join(folder, ENTRIES, entry.account), Buffer.from(await sealer.seal(entry.account, JSON.stringify(entry))));
    known = { revision, byAccount: new Map(byAccount).set(entry.account, entry) };
    return entry;
  }

  function update<E extends WalletEntry>(decide: (entries: readonly WalletEntry[]) => E): Promise<E> {
    // One after the other: the lock is between processes, and whoever waits for it asks again and again.
    const written = lastWrite.then(() => withLock(folder, () => write(decide)));
    lastWrite = written.catch(() => undefined);
    return written;
  }

  return {
    folder,
    isTown,
    entries: () => inOrder(known.byAccount),
    put: async (entry) => void (await update(() => entry)),
    update,
  };
}

interface Entries {
  readonly revision: string | undefined;
  readonly byAccount: ReadonlyMap<string, WalletEntry>;
}

async function readEntries(folder: string, sealer: Sealer): Promise<Entries> {
  const revision = await readRevision(folder);
  const accounts = (await readdir(join(folder, ENTRIES))).filter(isAccountId);
  const entries = await Promise.all(
    accounts.map(async (account) => {
      const sealed = (await readIfThere(join(folder, ENTRIES, account))) ?? "";
      return [account, JSON.parse(await sealer.open(account, sealed)) as WalletEntry] as const;
    }),
  );
  return { revision, byAccount: new Map(entries) };
}

function readRevision(folder: string): Promise<string | undefined> {
  return readIfThere(join(folder, REVISION));
}

function inOrder(byAccount: Entries["byAccount"]): readonly WalletEntry[] {
  return [...byAccount.values()].sort((a, b) => (a.name < b.name || (a.name === b.name && a.account < b.account) ? -1 : 1));
}

/** Characters of a name at most. */
export const MAX_NAME_LENGTH = 80;
const NAME = new RegExp(`^[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]{1,${MAX_NAME_LENGTH}}$`, "u");

function requireFreeName(entries: Iterable<WalletEntry>, { name, account }: WalletEntry): void {
  // A character of private use stays: it writes rare names.
  if (!NAME.test(name) || name.trim() !== name || isAccountId(name)) throw errors.BadName();
  for (const other of entries) {
    if (other.account !== account && foldName(other.name) === foldName(name)) throw errors.NameTaken({ account: other.account });
  }
}

/** Whether a text is an account id and no name. */
export function isAccountId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** Names that differ in case or composition only are one name. */
export function foldName(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}

/** Adds somebody with fresh words. The account is not on the ledger yet. */
export async function addFreshKeys(wallet: Wallet, entry: Omit<WalletEntry, "account" | "words">): Promise<OwnEntry> {
  return addWords(wallet, { ...entry, words: createSeedWords(webRandom) });
}

/**
 * Adds somebody whose words are known, with the account that they found unless another one is named. What the wallet knows of the account stays, its name
 * included: names and imports of patients go by it. Throws KeyError for words that are none, and what `Wallet.put` throws.
 */
export async function addWords(wallet: Wallet, entry: Omit<OwnEntry, "account"> & { readonly account?: string }): Promise<OwnEntry> {
  const { account: founded } = await accountFromWords(entry.words, entry.kind);
  const added = { ...entry, account: entry.account ?? founded };
  return wallet.update((entries) => {
    const known = entries.find(({ account }) => account === added.account);
    return { ...known, ...added, name: known?.name ?? added.name };
  });
}
