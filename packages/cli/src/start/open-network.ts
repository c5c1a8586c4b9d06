import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Genesis } from "@galen/ledger/app/genesis";
import { type Config, type RunningNode, startNode } from "@galen/node";
import { nativeCrypto } from "@galen/node/crypto/native";
import { isLoopback } from "@galen/node/http/host-rule";
import { readIfThere } from "@galen/node/keys/secret-file";
import { requireFreePort } from "@galen/node/node";
import { createClient } from "@galen/sdk/client/client";
import { status } from "@galen/sdk/client/status";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { errors } from "../errors.ts";
import { CARD_FILE } from "../network/node-card.ts";
import { actorOf, isTownWallet, markTownWallet, pinNetwork, type Session, unlockWallet } from "../session.ts";
import { foundTown, makeTownKeys, type Report, townFounders } from "../town/found-town.ts";
import { townRoute } from "../town/introduce-town.ts";
import { choosePassphrase } from "../wallet/passphrase.ts";
import { addFreshKeys, createWallet, hasWallet, openWallet, TOWN_PASSPHRASE, type Wallet } from "../wallet/wallet.ts";
import { ensureCollectiveKey } from "./collective-key.ts";
import { isFounded, markFounded } from "./founded-mark.ts";
import { createGenesis } from "./genesis.ts";

export interface NetworkOptions {
  readonly config: Config;
  readonly walletFolder: string;
  /** Name of the one organisation that founds a network without the sample town. */
  readonly founder: string | undefined;
  /** The wallet of a sample town that others found, so that this node only introduces its people. */
  readonly introduced?: string | undefined;
  readonly report: Report;
}

export interface OpenNetwork {
  readonly node: RunningNode;
  readonly chainId: string;
  readonly isTown: boolean;
  /** `founded`: by this start, or its founding was finished now; `joined`: others have, and this node holds its state for the first time. */
  readonly beginning: "founded" | "joined" | "resumed";
}

/** Starts the node on its data folder: founds the network when there is none, finishes a founding that was broken off, else resumes. */
export async function openNetwork(options: NetworkOptions): Promise<OpenNetwork> {
  const { config, walletFolder, introduced } = options;
  const hasNetwork = (await readIfThere(join(config.dataFolder, "genesis.json"))) !== undefined;
  if (hasNetwork && (introduced !== undefined || (await isFounded(walletFolder)) || !(await hasWallet(walletFolder)))) {
    const town = introduced ?? walletFolder;
    const isTown = await isTownWallet(town);
    // A wallet with another passphrase than the public one does not open, whatever marks lie beside it.
    const extraRoutes = introduction(isTown, config, () => openTownWallet(town));
    const node = await startNode(config, { extraRoutes });
    return { node, chainId: node.ledger.chainId, isTown, beginning: node.isFirstStart ? "joined" : "resumed" };
  }
  await requireNoFounder(config.dataFolder);
  if (!hasNetwork) requireNoOthers(config);
  // A start that cannot serve leaves no wallet: with the town's in it, the folder could hold no other network than the town.
  await requireFreePort(config);
  const wallet = await foundingWallet(options);
  const isTown = await isTownWallet(walletFolder);
  if (isTown) await makeTownKeys(wallet);
  const founders = isTown ? await townFounders(wallet) : await ownFounders(wallet, options.founder);
  const genesis = createGenesis({ name: isTown ? "sample-town" : "galen", founders });
  const extraRoutes = introduction(isTown && wallet.isTown, config, () => Promise.resolve(wallet));
  const node = await startNode(config, { genesis, extraRoutes });
  try {
    await finishFounding({ node, wallet, founders, isTown, options });
  } catch (error) {
    await node.stop();
    throw error;
  }
  return { node, chainId: node.ledger.chainId, isTown, beginning: "founded" };
}

/** Whose card the other founders may have is to found with them: another network in the folder would use up its keys. Throws Refusal cli/NotAdopted. */
async function requireNoFounder(folder: string): Promise<void> {
  if ((await readIfThere(join(folder, CARD_FILE))) !== undefined) throw errors.NotAdopted({ folder });
}

/** Settings that name other nodes are those of a network, which lies in another folder. Throws Refusal cli/OthersNamed. */
function requireNoOthers({ dataFolder, peers, p2pPeers }: Config): void {
  if (peers.length > 0 || p2pPeers !== "none") throw errors.OthersNamed({ folder: dataFolder });
}

/** The web app meets the town's people only on this machine. */
function introduction(isTown: boolean, { httpHost }: Config, wallet: () => Promise<Wallet>) {
  return isTown && isLoopback(httpHost) ? [townRoute(wallet)] : [];
}

/** Throws Refusal cli/TownNotFounded while its people are still being made. */
async function openTownWallet(folder: string): Promise<Wallet> {
  if (!(await isFounded(folder))) throw errors.TownNotFounded();
  return openWallet(folder, TOWN_PASSPHRASE);
}

async function foundingWallet({ walletFolder, founder }: NetworkOptions): Promise<Wallet> {
  if (await hasWallet(walletFolder)) return unlockWallet(walletFolder);
  if (founder !== undefined) return createWallet(walletFolder, await choosePassphrase("Passphrase for the new wallet: "));
  await markTownWallet(walletFolder);
  return createWallet(walletFolder, TOWN_PASSPHRASE);
}

/** The organisation that founds an empty network: the first one of the wallet, made when there is none. */
async function ownFounders(wallet: Wallet, name = "Founder"): Promise<readonly OwnAccount[]> {
  const known = wallet.entries().find(({ kind, words }) => kind === "organisation" && words !== undefined);
  const { name: founder } = known ?? (await addFreshKeys(wallet, { name, kind: "organisation" }));
  return [await actorOf({ wallet }, founder)];
}

interface Founding {
  readonly node: RunningNode;
  readonly wallet: Wallet;
  readonly founders: readonly OwnAccount[];
  readonly isTown: boolean;
  readonly options: NetworkOptions;
}

async function finishFounding({ node, wallet, founders, isTown, options }: Founding): Promise<void> {
  const document = JSON.parse(await readFile(join(options.config.dataFolder, "genesis.json"), "utf8")) as Genesis;
  const trust = await pinNetwork(wallet.folder, document);
  const session: Session = { wallet, client: createClient({ url: node.url, trust, crypto: nativeCrypto }) };
  const makeCollectiveKey = () => ensureCollectiveKey(session.client, founders);
  if (isTown) await foundTown(session, { founders, makeCollectiveKey, report: options.report });
  else await makeCollectiveKey();
  const { height } = await status(session.client);
  await markFounded(wallet.folder, `${document.chainId} at height ${height}`);
}
