import { type Genesis, genesisHash } from "@galen/ledger/app/genesis";
import { AccountKind } from "@galen/ledger/modules/accounts/schema";
import { nativeCrypto } from "@galen/node/crypto/native";
import { nativeScrypt } from "@galen/node/crypto/native-scrypt";
import { writeFileDurably } from "@galen/node/keys/durable-file";
import { readIfThere } from "@galen/node/keys/secret-file";
import { accountIfThere, accountsOfKeys, type OpenedAccount } from "@galen/sdk/accounts/accounts-of-keys";
import { openWordsFile, sealWordsFile } from "@galen/sdk/keys/words-file";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { createIfMissing } from "../import/patients.ts";
import { requireNewFile } from "../output-file.ts";
import { actorOf, openOrCreateWallet, openSession, readPinned, type Session, unlockWallet } from "../session.ts";
import { type Answer, count, table } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";
import { accountFromWords, type OwnEntry, type WalletEntry } from "../wallet/entry.ts";
import { accountOf, requireOwnEntry } from "../wallet/look-up.ts";
import { chooseFilePassphrase, openSealedFile } from "../wallet/passphrase.ts";
import { addFreshKeys, addWords, foldName, isAccountId, type Wallet } from "../wallet/wallet.ts";

interface NewKeysFlags {
  readonly file?: string;
  readonly kind: AccountKind;
  readonly worksFor?: string;
  readonly local?: boolean;
  readonly account?: string;
}

/** `galen keys create|import|export|add|founders|list`. */
export function addKeys(program: Command): void {
  const group = program.command("keys").description("keys and names of the wallet");
  addCreate(group);
  addImportWords(group);
  addExportWords(group);
  addContact(group);
  addFounders(group);
  addList(group);
}

function newKeyOptions(command: Command): Command {
  return command
    .option("--kind <kind>", "person, organisation, device or service", parseKind, "person")
    .option("--works-for <name>", "the organisation in whose name this person writes")
    .option("--local", "ask no node: the account is neither sought on the ledger nor created there");
}

function parseKind(text: string): AccountKind {
  const kinds = (AccountKind as unknown as { readonly enum: readonly AccountKind[] }).enum;
  const kind = kinds.find((one) => one === text);
  if (kind === undefined) throw errors.BadValue({ option: "--kind", value: text, reason: `one of ${kinds.join(", ")}` });
  return kind;
}

function addCreate(group: Command): void {
  addVerb<NewKeysFlags>(group, {
    usage: "create <name>",
    summary:
      "Make keys for a new account, and the account on the ledger. Makes the wallet if there is none; goes on where it was broken off.",
    example: 'galen keys create "Ada Example"',
    options: newKeyOptions,
    async run(flags, name = "") {
      const wallet = await openOrCreateWallet(flags.wallet);
      const wanted = { name, ...ownFields(wallet, flags) };
      if (flags.local) return createdAnswer(await addFreshKeys(wallet, wanted), false);
      // First of all: where no node answers, no name is given away.
      const session = await openSession(flags, wallet);
      const entry = (await unfounded(session, wanted)) ?? (await addFreshKeys(wallet, wanted));
      return createdAnswer(entry, await announce(session, entry));
    },
  });
}

/** Keys of this name and kind whose account is not on the ledger, as a run that was broken off leaves them, with what is wanted of them now. */
async function unfounded({ client, wallet }: Session, wanted: Omit<WalletEntry, "account" | "words">): Promise<OwnEntry | undefined> {
  const isWanted = (entry: WalletEntry): entry is OwnEntry =>
    entry.words !== undefined && entry.kind === wanted.kind && foldName(entry.name) === foldName(wanted.name);
  const made = wallet.entries().find(isWanted);
  if (!made || (await accountIfThere(client, made.account))) return undefined;
  return wallet.update(() => ({ ...made, ...wanted }));
}

function addImportWords(group: Command): void {
  addVerb<NewKeysFlags>(group, {
    usage: "import <name> [words...]",
    summary:
      "Bring an account back from its 24 seed words, or from the key file of another device: the one that they founded, or the one to which guardians have " +
      "given these keys.",
    example: 'galen keys import "Ada Example" word1 word2 … word24',
    options: (command) =>
      newKeyOptions(command)
        .option("--file <file>", "a key file instead of words; asks for its passphrase")
        .option("--account <account>", "the account to which guardians have given these keys, where the ledger is not to be asked for it"),
    async run(flags, name = "", ...words) {
      const wallet = await openOrCreateWallet(flags.wallet);
      const given = flags.file === undefined ? { words: words.join(" "), account: undefined } : await readKeyFile(flags.file);
      const keys = { ...ownFields(wallet, flags), ...given, name };
      const own = await accountFromWords(keys.words, keys.kind);
      const named = flags.account === undefined ? given.account : accountOf(wallet, flags.account);
      // An account that guardians have saved is on the ledger already, and what its new keys would found is another.
      const isSaved = named !== undefined && named !== own.account;
      const session = flags.local || isSaved ? undefined : await openSession(flags, wallet);
      const sought = session && (await soughtAccount(session, own, named));
      const { account, kind } = sought ?? { account: named ?? own.account, kind: keys.kind };
      const entry = await addWords(wallet, { ...keys, account, kind });
      const isMissing = session !== undefined && sought === undefined && account === own.account;
      const isCreated = isMissing && (await announce(session, entry));
      const { json, text } = createdAnswer(entry, isCreated, sought !== undefined);
      const hint = entry.name === name ? "" : " The wallet knew it by this name; `galen keys add NAME ACCOUNT` gives it another.";
      return { json, text: `${text}${hint}` };
    },
  });
}

/** The account that these keys open on the ledger, the named one of several, if there is one. Throws Refusal cli/SeveralAccounts. */
async function soughtAccount({ client }: Session, own: OwnAccount, named: string | undefined): Promise<OpenedAccount | undefined> {
  const opened = await accountsOfKeys(client, own);
  const found = named === undefined ? opened : opened.filter(({ account }) => account === named);
  if (found.length > 1) throw errors.SeveralAccounts({ accounts: found.map(({ account }) => account).join(" | ") });
  return found[0];
}

async function readKeyFile(file: string): Promise<Pick<OwnEntry, "words" | "kind"> & { readonly account?: string }> {
  const text = await readIfThere(file);
  if (text === undefined) throw errors.NotFound({ file });
  const { name: _, ...keys } = await openSealedFile(file, (passphrase) => openWordsFile(text, passphrase, nativeScrypt));
  return keys;
}

function ownFields(wallet: Wallet, { kind, worksFor }: NewKeysFlags): Pick<WalletEntry, "kind" | "worksFor"> {
  return { kind, ...(worksFor === undefined ? {} : { worksFor: accountOf(wallet, worksFor) }) };
}

/** Creates the account of an entry on the ledger; false when it is there already. */
async function announce(session: Session, { account }: OwnEntry): Promise<boolean> {
  return createIfMissing(session.client, [await actorOf(session, account)]);
}

function createdAnswer({ name, account, kind }: OwnEntry, isCreated: boolean, isThere = false): Answer {
  const place = isCreated ? "It is on the ledger now." : isThere ? "It is on the ledger already." : "It was not created on the ledger now.";
  return { json: { name, account, kind, created: isCreated }, text: `${name} has the account ${account}. ${place}` };
}

function addExportWords(group: Command): void {
  addVerb<{ readonly file?: string }>(group, {
    usage: "export <name>",
    summary: "Print the seed words of an account, or write them into a key file: whoever has them is its owner.",
    example: 'galen keys export "Alwen Sampleton" --file alwen.json',
    options: (command) =>
      command.option("--file <file>", "write a key file for another device, such as the web app; asks for its passphrase"),
    async run({ wallet: folder, file }, name = "") {
      const entry = requireOwnEntry(await unlockWallet(folder), name);
      const { account, kind, words } = entry;
      if (file === undefined) return { json: { account, kind, words }, text: words };
      // It may be the only copy of somebody else's keys, and without its passphrase nobody can tell.
      await requireNewFile(file);
      const sealed = await sealWordsFile(entry, await chooseFilePassphrase("Passphrase for the key file: "), nativeScrypt);
      await writeFileDurably(file, Buffer.from(sealed));
      return { json: { account, kind, file }, text: `${file} holds the keys of ${name}, under its passphrase.` };
    },
  });
}

function addContact(group: Command): void {
  addVerb<{ readonly kind?: AccountKind }>(group, {
    usage: "add <name> <account>",
    summary: "Note somebody else's account in the address book.",
    example: 'galen keys add "Dr. Example" 5f3a…(64 characters)',
    options: (command) =>
      command.option("--kind <kind>", "person, organisation, device or service; person where nothing is known", parseKind),
    async run({ wallet: folder, kind }, name = "", account = "") {
      if (!isAccountId(account)) throw errors.BadValue({ option: "account", reason: "64 characters 0-9 a-f" });
      const wallet = await unlockWallet(folder);
      await wallet.update((entries) => {
        const known = entries.find((entry) => entry.account === account);
        // Own keys were made for a kind of account; of others it is a note, which may be corrected.
        const noted = known?.words === undefined ? (kind ?? known?.kind ?? "person") : known.kind;
        return { ...known, kind: noted, name, account };
      });
      return { json: { name, account }, text: `${name} stands in the address book.` };
    },
  });
}

function addFounders(group: Command): void {
  addVerb(group, {
    usage: "founders <founding>",
    summary: "Note the founders of a network, whom its founding document names, so that acts name them.",
    example: "galen keys founders founding.json",
    async run({ wallet: folder }, file = "") {
      const [{ noteFounders, trustFounding }, { genesisOf, readFounding }] = await Promise.all([
        import("../network/adopt.ts"),
        import("../network/founding.ts"),
      ]);
      const founding = await readFounding(file);
      const note = (await trusts(folder, genesisOf(founding))) ? noteFounders : trustFounding;
      await note(await unlockWallet(folder), founding);
      const names = founding.cards.map(({ content }) => content.name);
      return { json: { founders: names }, text: `The address book holds ${names.join(", ")}.` };
    },
  });
}

/** Whether the wallet trusts this network already; false when it trusts none. Throws Refusal cli/OtherNetwork: its document could give any name to anybody. */
async function trusts(folder: string, document: Genesis): Promise<boolean> {
  const pinned = await readPinned(folder);
  if (pinned && pinned.genesisHash !== genesisHash(document, nativeCrypto))
    throw errors.OtherNetwork({ pinned: pinned.chainId, founding: document.chainId });
  return pinned !== undefined;
}

function addList(group: Command): void {
  addVerb(group, {
    usage: "list",
    summary: "List whom the wallet knows.",
    example: "galen keys list",
    async run({ wallet: folder }) {
      const entries = (await unlockWallet(folder)).entries();
      const json = entries.map(({ name, account, kind, words }) => ({ name, account, kind, hasKeys: words !== undefined }));
      const rows = json.map(({ name, account, kind, hasKeys }) => [name, kind, hasKeys ? "own keys" : "address book", account]);
      return { json, text: `${table(["name", "kind", "keys", "account"], rows)}\n${count(rows.length, "name")}` };
    },
  });
}
