import { readFile } from "node:fs/promises";
import { concatBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex, requireHexBytes } from "@galen/ledger/crypto/hex";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";
import { accountIdOf, CreateAccount } from "@galen/ledger/modules/accounts/index";
import { codecOf } from "@galen/ledger/schema/codec";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { BlockTime, Bytes, Text } from "@galen/ledger/schema/types";
import { nativeCrypto } from "@galen/node/crypto/native";
import { type Static, Type } from "typebox";
import { errors } from "../errors.ts";

/** Where it lies in the folder of a founder's node. */
export const CARD_FILE = "node-card.json";
const MAX_ADDRESS_LENGTH = 255;
const HIGHEST_PORT = 65_535;

/** What an organisation tells the other founders about its node. All of it is public. */
const CardContent = Type.Object({
  name: Text(80, { description: "of the organisation; stays among the founders, never on the ledger" }),
  /** Creates the organisation's account in the first state. */
  organisation: CreateAccount,
  validatorKey: Bytes(32, { description: "Ed25519 key that signs blocks" }),
  nodeKey: Bytes(32, { description: "Ed25519 key by which the other nodes recognise this one" }),
  http: Text(MAX_ADDRESS_LENGTH, { description: "base of the HTTP API, such as https://galen.example.org" }),
  p2p: Text(MAX_ADDRESS_LENGTH, { description: "host:port that the other nodes dial" }),
  createdAt: BlockTime,
});
export type CardContent = Static<typeof CardContent>;

const signature = Bytes(64);
const NodeCard = Type.Object({
  content: CardContent,
  /** By the organisation's first key: the card says what the organisation means. */
  organisationSignature: signature,
  /** By the validator's key: nobody enters somebody else's. */
  validatorSignature: signature,
});
export type NodeCard = Static<typeof NodeCard>;

const contentCodec = codecOf(CardContent);
const cardCodec = codecOf(NodeCard);
const DOMAIN = encodeUtf8("galen/node-card/1\n")!;

/** The bytes that a card's two signatures are over. */
export function cardSignBytes(content: CardContent): Uint8Array {
  return concatBytes([DOMAIN, contentCodec.encode(content)]);
}

/** Canonical bytes of a card, the same at every founder. */
export function cardBytes(card: NodeCard): Uint8Array {
  return cardCodec.encode(card);
}

/** The account of the organisation that a card is about. */
export function organisationOf({ content }: NodeCard): string {
  return accountIdOf(content.organisation, nativeCrypto);
}

/** The id by which CometBFT knows a node: the first 20 bytes of its key's hash. */
export function nodeIdOf({ content }: NodeCard): string {
  return idOfNodeKey(requireHexBytes(content.nodeKey, 32));
}

export function idOfNodeKey(publicKey: Uint8Array): string {
  return bytesToHex(nativeCrypto.sha256(publicKey).subarray(0, 20));
}

/** Reads and checks the card in a file. Throws Refusal cli/NotFound, cli/BadCard. */
export async function readCard(path: string): Promise<NodeCard> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) throw errors.NotFound({ path });
  return parseCard(text, path);
}

/** Checks a card's shape, addresses and both signatures. Throws Refusal cli/BadCard. */
export function parseCard(text: string, file: string): NodeCard {
  const card = shapedCard(text, file);
  const { organisation, validatorKey, http, p2p } = card.content;
  if (organisation.kind !== "organisation") throw errors.BadCard({ file, reason: "it is not about an organisation" });
  if (!isHttpAddress(http)) throw errors.BadCard({ file, reason: "http is no address such as https://galen.example.org" });
  if (!isP2pAddress(p2p)) throw errors.BadCard({ file, reason: "p2p is no address such as galen.example.org:26656" });
  const signed = cardSignBytes(card.content);
  const [first] = organisation.keys;
  if (first?.keyType !== "ed25519" || !isSigned(first.publicKey, signed, card.organisationSignature))
    throw errors.BadCard({ file, reason: "the organisation's key has not signed it as it stands" });
  if (!isSigned(validatorKey, signed, card.validatorSignature))
    throw errors.BadCard({ file, reason: "the validator's key has not signed it as it stands" });
  return card;
}

function shapedCard(text: string, file: string): NodeCard {
  try {
    const card = JSON.parse(text) as NodeCard;
    cardCodec.encode(card); // refuses what does not fit, also a field too many
    return card;
  } catch (error) {
    if (error instanceof SchemaError || error instanceof SyntaxError) throw errors.BadCard({ file, reason: error.message });
    throw error;
  }
}

/** Whether a text can be the address of a founder's API: of a whole host, without a path or a slash behind it. */
export function isHttpAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

/** Whether a text can be the host:port that other nodes dial. */
export function isP2pAddress(text: string): boolean {
  const [, port] = /^[^\s,@/]+:(\d{1,5})$/.exec(text) ?? [];
  return Number(port) > 0 && Number(port) <= HIGHEST_PORT;
}

function isSigned(publicKey: string, message: Uint8Array, signature: string): boolean {
  return nativeCrypto.verifyEd25519(requireHexBytes(publicKey, 32), message, requireHexBytes(signature, 64));
}
