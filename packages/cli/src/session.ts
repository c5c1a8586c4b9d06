import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { stderr } from "node:process";
import { ownCompartments } from "@galen/gateway/reading/compartment-labels";
import type { Genesis } from "@galen/ledger/app/genesis";
import { genesisHash } from "@galen/ledger/app/genesis";
import type { Refusal } from "@galen/ledger/app/refusal";
import { nativeCrypto } from "@galen/node/crypto/native";
import { writeFileDurably } from "@galen/node/keys/durable-file";
import { readIfThere } from "@galen/node/keys/secret-file";
import { type Client, createClient } from "@galen/sdk/client/client";
import { genesis } from "@galen/sdk/client/status";
import { followHandover } from "@galen/sdk/proofs/follow-handover";
import { type Trust, trustOfGenesis } from "@galen/sdk/proofs/trust";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { errors } from "./errors.ts";
import { failureOf, isSystemError } from "./terminal/failure.ts";
import { parseLanguage, showBeforeSigning, tellingOf } from "./terminal/words.ts";
import { accountFromWords } from "./wallet/entry.ts";
import { requireOwnEntry } from "./wallet/look-up.ts";
import { type PinnedNetwork, parsePinned } from "./wallet/parse-trust.ts";
import { askPassphrase, choosePassphrase, hasPassphrase, noPassphrase } from "./wallet/passphrase.ts";
import { type AddressBook, createWallet, hasWallet, openWallet, TOWN_PASSPHRASE, type Wallet } from "./wallet/wallet.ts";

/** What every verb takes. */
export interface SessionOptions {
  readonly url: string;
  readonly wallet: string;
  /** False: whatever this session signs is told on standard error before. A program leaves it out, as the acts are its own. */
  readonly json?: boolean;
  /** In which acts are told. */
  readonly language?: string;
}

/** A node and a wallet that trusts its network. */
export interface Session {
  readonly client: Client;
  readonly wallet: Wallet;
  /** What labels of areas stand for, of those who act here, so that acts name them. Left out where no act is told. */
  readonly areas?: Map<string, string>;
}

const NETWORK_FILE = "network.json";

/** Opens the wallet, unless it is open already, and a client of the network that the wallet trusts. */
export async function openSession(options: SessionOptions, opened?: Wallet): Promise<Session> {
  const wallet = opened ?? (await unlockWallet(options.wallet));
  const areas = new Map<string, string>();
  const isTold = options.json === false;
  const telling = tellingOf({ wallet, areas }, parseLanguage(options.language));
  const beforeSigning = isTold ? showBeforeSigning(() => client, telling) : undefined;
  const client = await openClient(options, { beforeSigning });
  return { wallet, areas, client };
}

/**
 * A client of the network that a wallet trusts, which takes no passphrase; the first network that the wallet meets is the one. It follows that network when
 * its validators change, and into the one in which it goes on. Throws Refusal cli/OtherNetwork.
 */
export async function openClient(
  { url, wallet: folder }: SessionOptions,
  telling: { readonly beforeSigning?: ReturnType<typeof showBeforeSigning> | undefined } = {},
): Promise<Client> {
  const stranger = createClient({ url, crypto: nativeCrypto });
  const document = await genesis(stranger);
  const pinned = (await readPinned(folder)) ?? (await pinAtFirstSight(folder, document));
  const { genesisHash: pinnedHash, ...trust } = await networkBehind({ folder, pinned, stranger, document });
  const onTrust = (followed: Trust) => noteTrust(folder, { ...followed, genesisHash: pinnedHash });
  return createClient({ url, trust, onTrust, crypto: nativeCrypto, ...telling });
}

/** What a verb needs that signs nothing: a node, and names as far as they are known here. */
export interface Reading {
  readonly client: Client;
  readonly wallet: AddressBook;
}

/**
 * For verbs that only read: they need no wallet. One that is there gives the network that it trusts, and its names if it opens here: the sample town's, with
 * the passphrase from the environment, or with somebody at the terminal.
 */
export async function openReading(options: SessionOptions): Promise<Reading> {
  const { url, wallet: folder } = options;
  if (!(await hasWallet(folder))) {
    const document = await genesis(createClient({ url, crypto: nativeCrypto }));
    stderr.write(`No wallet in ${folder}: that this is the network ${document.chainId}, the node alone says; names are unknown.\n`);
    return {
      wallet: closedBook(errors.NoWallet({ folder })),
      client: createClient({ url, trust: trustOfGenesis(document, nativeCrypto), crypto: nativeCrypto }),
    };
  }
  if ((await isTownWallet(folder)) || hasPassphrase()) return openSession(options);
  return { wallet: closedBook(noPassphrase()), client: await openClient(options) };
}

/** Accounts are told by their beginnings, and whoever is named cannot be found. */
function closedBook(closed: Refusal): AddressBook {
  return { entries: () => [], closed };
}

interface Meeting {
  readonly folder: string;
  readonly pinned: PinnedNetwork;
  readonly stranger: Client;
  readonly document: Genesis;
}

/** The pinned network, if the node belongs to it, or the one that it has become. Throws Refusal cli/OtherNetwork. */
async function networkBehind({ folder, pinned, stranger, document }: Meeting): Promise<PinnedNetwork> {
  if (genesisHash(document, nativeCrypto) === pinned.genesisHash) return pinned;
  if (document.predecessor?.genesisHash !== pinned.genesisHash)
    throw errors.OtherNetwork({ pinned: pinned.chainId, node: document.chainId });
  const { trust } = await followHandover(stranger, pinned);
  stderr.write(`The network ${pinned.chainId} goes on as ${trust.chainId}, as it announced; this wallet follows.\n`);
  return keepPinned(folder, { ...trust, genesisHash: genesisHash(document, nativeCrypto) });
}

async function keepPinned(folder: string, pinned: PinnedNetwork): Promise<PinnedNetwork> {
  await writeFileDurably(join(folder, NETWORK_FILE), Buffer.from(`${JSON.stringify(pinned, undefined, 2)}\n`));
  return pinned;
}

/** Keeps what was followed. Where the disk takes nothing it is followed again the next time, and nobody who reads is kept from it. */
async function noteTrust(folder: string, pinned: PinnedNetwork): Promise<void> {
  try {
    await keepPinned(folder, pinned);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    stderr.write(
      `${join(folder, NETWORK_FILE)} could not be written (${failureOf(error).sentence}): what this wallet knows of the network's validators grows old.\n`,
    );
  }
}

/** Opens a wallet: the sample town's with its public passphrase, any other with that from the environment, or one that is typed. */
export async function unlockWallet(folder: string): Promise<Wallet> {
  if (!(await hasWallet(folder))) throw errors.NoWallet({ folder });
  return openWallet(folder, (await isTownWallet(folder)) ? TOWN_PASSPHRASE : await askPassphrase("Passphrase of the wallet: "));
}

/** Opens a wallet, or makes it with a passphrase from the environment, or one that is typed. */
export async function openOrCreateWallet(folder: string): Promise<Wallet> {
  return (await hasWallet(folder)) ? unlockWallet(folder) : createWallet(folder, await choosePassphrase("Passphrase for the new wallet: "));
}

const TOWN_MARK = "sample-town";

/** Whether `galen start` made this wallet for the sample town, with its public passphrase. */
export async function isTownWallet(folder: string): Promise<boolean> {
  return (await readIfThere(join(folder, TOWN_MARK))) !== undefined;
}

/** Says so in the folder, before the wallet is made: a wallet of the town that did not say so would ask for its passphrase. */
export async function markTownWallet(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const notice = `The passphrase of this wallet is "${TOWN_PASSPHRASE}", for everybody: its people are invented. Keep no real keys here.\n`;
  await writeFileDurably(join(folder, TOWN_MARK), Buffer.from(notice));
}

/** The network that the wallet trusts, if it has met one. Throws Refusal cli/BrokenWallet: no other network takes the place of one that cannot be read. */
export async function readPinned(folder: string): Promise<PinnedNetwork | undefined> {
  const text = await readIfThere(join(folder, NETWORK_FILE));
  return text === undefined ? undefined : parsePinned(text, NETWORK_FILE);
}

/** Makes a network the one that the wallet trusts. */
export async function pinNetwork(folder: string, document: Genesis): Promise<PinnedNetwork> {
  const named = { seenAt: Date.now(), genesisHash: genesisHash(document, nativeCrypto) };
  return keepPinned(folder, { ...trustOfGenesis(document, nativeCrypto), ...named });
}

async function pinAtFirstSight(folder: string, document: Genesis): Promise<PinnedNetwork> {
  const pinned = await pinNetwork(folder, document);
  stderr.write(
    `This wallet trusts the network ${pinned.chainId} from now on; compare the hash of its genesis document with somebody you believe:\n  ${pinned.genesisHash}\n`,
  );
  return pinned;
}

/**
 * The account that acts: a name of the wallet for which it holds keys. One that guardians have given these keys is the account that it was before; what its
 * keys would found is another. Throws Refusal cli/UnknownName, cli/NoKeys.
 */
export async function actorOf({ wallet, areas }: Pick<Session, "wallet" | "areas">, name: string): Promise<OwnAccount> {
  const { words, kind, account } = requireOwnEntry(wallet, name);
  const actor = { ...(await accountFromWords(words, kind)), account };
  for (const [label, area] of ownCompartments(actor)) areas?.set(label, area);
  return actor;
}
