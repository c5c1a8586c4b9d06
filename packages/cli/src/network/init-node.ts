import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { openDataFolder } from "@galen/node/data-folder";
import { writeFileDurably } from "@galen/node/keys/durable-file";
import { ed25519Key } from "@galen/node/keys/ed25519-key";
import { openSecretFile } from "@galen/node/keys/secret-file";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { errors } from "../errors.ts";
import { actorOf } from "../session.ts";
import { addFreshKeys, createWallet, type Wallet } from "../wallet/wallet.ts";
import { CARD_FILE, type CardContent, cardSignBytes, type NodeCard } from "./node-card.ts";
import { type NodeAddresses, writeNodeConfig } from "./node-config.ts";

export interface NewNode {
  /** Data folder; empty, or not there yet. */
  readonly folder: string;
  /** Name of the organisation. */
  readonly organisation: string;
  readonly passphrase: string;
  /** Path of the CometBFT program. */
  readonly cometbftBinary: string;
  readonly addresses: NodeAddresses;
}

export interface InitialisedNode {
  readonly card: NodeCard;
  /** Holds the organisation's keys. */
  readonly wallet: Wallet;
}

/** Makes the folder of an organisation's node: every key, the wallet with the organisation's account, settings, and the card for the other founders. */
export async function initNode({ folder, organisation, passphrase, cometbftBinary, addresses }: NewNode): Promise<InitialisedNode> {
  await requireEmptyFolder(folder);
  const files = await openDataFolder(folder);
  const wallet = await createWallet(join(folder, "wallet"), passphrase);
  await addFreshKeys(wallet, { name: organisation, kind: "organisation" });
  const own = await actorOf({ wallet }, organisation);
  const validator = ed25519Key(await openSecretFile(files.validatorKey));
  const node = ed25519Key(await openSecretFile(files.nodeKey));
  await openSecretFile(files.custodianKey);
  const content: CardContent = {
    name: organisation,
    organisation: own.creation.value,
    validatorKey: bytesToHex(validator.publicKey),
    nodeKey: bytesToHex(node.publicKey),
    http: addresses.http,
    p2p: addresses.p2p,
    createdAt: Date.now(),
  };
  const card = { content, ...(await cardSignatures(content, own, validator)) };
  await writeNodeConfig(folder, { cometbftBinary, ...addresses });
  await writeFileDurably(join(folder, CARD_FILE), Buffer.from(`${JSON.stringify(card, undefined, 2)}\n`));
  return { card, wallet };
}

async function cardSignatures(
  content: CardContent,
  own: OwnAccount,
  validator: ReturnType<typeof ed25519Key>,
): Promise<Omit<NodeCard, "content">> {
  const signed = cardSignBytes(content);
  return {
    organisationSignature: bytesToHex(await own.signers[0]!.sign(signed)),
    validatorSignature: bytesToHex(validator.sign(signed)),
  };
}

/** Makes the folder. Throws Refusal cli/FolderTaken when it holds something. */
export async function requireEmptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw errors.FolderTaken({ folder });
}
