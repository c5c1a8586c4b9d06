import { join } from "node:path";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { openDataFolder, partsOf } from "@galen/node/data-folder";
import { writeFileDurably } from "@galen/node/keys/durable-file";
import { ed25519Key } from "@galen/node/keys/ed25519-key";
import { openSecretFile, readIfThere } from "@galen/node/keys/secret-file";
import { errors } from "../errors.ts";
import { pinNetwork } from "../session.ts";
import { markFounded } from "../start/founded-mark.ts";
import type { Wallet } from "../wallet/wallet.ts";
import { type Founding, formatFounding, genesisOf } from "./founding.ts";
import { CARD_FILE, cardBytes, type NodeCard, organisationOf, parseCard } from "./node-card.ts";
import { writePeers } from "./node-config.ts";

export const FOUNDING_FILE = "founding.json";

/**
 * Makes a node part of the network that its organisation founds with the others: writes the genesis document that follows from the cards, whom
 * to dial, and what the organisation's wallet trusts. `openWallet` is called once the node is known for one of the founding's. Throws Refusal cli/NoNode,
 * cli/NoCard, cli/NotOwnFounding, cli/FolderTaken.
 */
export async function adoptFounding(folder: string, founding: Founding, openWallet: () => Promise<Wallet>): Promise<void> {
  const own = await ownCard(folder);
  const asFounded = founding.cards.find((card) => organisationOf(card) === organisationOf(own));
  if (!asFounded || !Buffer.from(cardBytes(asFounded)).equals(cardBytes(own))) throw errors.NotOwnFounding();
  const { validatorKey } = await openDataFolder(folder);
  if (bytesToHex(ed25519Key(await openSecretFile(validatorKey)).publicKey) !== own.content.validatorKey)
    throw errors.NotOwnFounding({ key: "keys/validator.json" });
  const others = founding.cards.filter((card) => card !== asFounded);
  const wallet = await openWallet();
  await enterNetwork(folder, founding, others);
  await trustFounding(wallet, founding);
  // The node's own start founds nothing: what is left is the alliance's to decide.
  await markFounded(wallet.folder, founding.name);
}

/** Writes the network's documents into a node's folder, and whom it dials. Throws Refusal cli/FolderTaken. */
export async function enterNetwork(folder: string, founding: Founding, others: readonly NodeCard[]): Promise<void> {
  const { genesis } = await openDataFolder(folder);
  const document = `${JSON.stringify(genesisOf(founding), undefined, 2)}\n`;
  const present = await readIfThere(genesis);
  if (present !== undefined && present !== document) throw errors.FolderTaken({ folder, holds: "another network" });
  await writePeers(folder, others);
  await writeFileDurably(join(folder, FOUNDING_FILE), Buffer.from(formatFounding(founding)));
  await writeFileDurably(genesis, Buffer.from(document));
}

/** The card of the node in a folder. Throws Refusal cli/NoNode, cli/NoCard. */
export async function ownCard(folder: string): Promise<NodeCard> {
  const text = await readIfThere(join(folder, CARD_FILE));
  if (text === undefined) {
    const isNode = (await readIfThere(partsOf(folder).validatorKey)) !== undefined;
    throw isNode ? errors.NoCard({ folder }) : errors.NoNode({ folder });
  }
  return parseCard(text, join(folder, CARD_FILE));
}

/** The founders come into the address book, and the network is the one that the wallet trusts. */
export async function trustFounding(wallet: Wallet, founding: Founding): Promise<void> {
  await noteFounders(wallet, founding);
  await pinNetwork(wallet.folder, genesisOf(founding));
}

/** The founders come into the address book. Throws Refusal cli/NameTaken. */
export async function noteFounders(wallet: Wallet, founding: Founding): Promise<void> {
  for (const card of founding.cards) {
    const founder = { account: organisationOf(card), name: card.content.name, kind: "organisation" } as const;
    await wallet.update((entries) => entries.find(({ account }) => account === founder.account) ?? founder);
  }
}
