import { randomBytes } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
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
  /** In the order of their names. */
  entries(): readonly WalletEntry[];
  /** Writes an entry, durable before this resolves. Throws Refusal cli/NameTaken when another account has its name, cli/BadName. */
  put(entry: WalletEntry): Promise<void>;
}

/** Whom a wallet knows by name. */
export interface AddressBook extends Pick<Wallet, "entries"> {
  /** Why nobody is known, where the wallet is missing or locked. */
  readonly closed?: Refusal;
}

const FILE = "wallet.json";
const ENTRIES = "entries";

/** Whether a wallet lies in the folder. */
export async function hasWallet(folder: string): Promise<boolean> {
  return (await readIfThere(join(folder, FILE))) !== undefined;
}

/** Makes a wallet with a fresh master key. */
export async function createWallet(folder: string, passphrase: string): Promise<Wallet> {
  const masterKey = Uint8Array.from(randomBytes(32));
  await mkdir(join(folder, ENTRIES), { recursive: true, mode: 0o700 });
  await writeFileDurably(join(folder, FILE), Buffer.from(await sealKeyFile(masterKey, passphrase, nativeScrypt)));
  return readWallet(folder, { sealer: await createSealer(masterKey), isTown: passphrase === TOWN_PASSPHRASE });
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
  const path = (account: string) => join(folder, ENTRIES, account);
  const byAccount = new Map<string, WalletEntry>();
  const files = (await readdir(join(folder, ENTRIES))).filter((file) => /^[0-9a-f]{64}$/.test(file));
  await Promise.all(
    files.map(async (account) => {
      const entry = JSON.parse(await sealer.open(account, (await readIfThere(path(account))) ?? "")) as WalletEntry;
      byAccount.set(account, entry);
    }),
  );
  return {
    folder,
    isTown,
    entries: () => [...byAccount.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    async put(entry) {
      requireFreeName(byAccount.values(), entry);
      await writeFileDurably(path(entry.account), Buffer.from(await sealer.seal(entry.account, JSON.stringify(entry))));
      byAccount.set(entry.account, entry);
    },
  };
}

function requireFreeName(entries: Iterable<WalletEntry>, { name, account }: WalletEntry): void {
  if (!/^[^\p{C}]{1,80}$/u.test(name) || name.trim() !== name || isAccountId(name)) throw errors.BadName();
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

/** Adds somebody whose words are known, with the account that they found unless another one is named. Throws KeyError for words that are none. */
export async function addWords(wallet: Wallet, entry: Omit<OwnEntry, "account"> & { readonly account?: string }): Promise<OwnEntry> {
  const { account: founded } = await accountFromWords(entry.words, entry.kind);
  const added = { ...entry, account: entry.account ?? founded };
  await wallet.put(added);
  return added;
}
