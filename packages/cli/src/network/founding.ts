import { readFile } from "node:fs/promises";
import { type Genesis, genesisHash } from "@galen/ledger/app/genesis";
import { concatBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { nativeCrypto } from "@galen/node/crypto/native";
import { errors } from "../errors.ts";
import { genesisOfNodes, NEWEST_VERSION } from "../start/genesis.ts";
import { cardBytes, type NodeCard, organisationOf, parseCard } from "./node-card.ts";

/** What the founders agree on. Everything else follows from it: the same cards and name give the same bytes at every founder. */
export interface Founding {
  readonly name: string;
  /** Ledger version of the first block: the newest of the release with which the network was founded. */
  readonly version: number;
  /** In the order of the organisations' accounts. */
  readonly cards: readonly NodeCard[];
}

/** A decision needs at most 15 signatures in one transaction; more members join later, by decision. */
const MAX_FOUNDERS = 22;
const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** Throws Refusal cli/CardsDoNotFit when so many cannot found a network. */
export function requireFounders(count: number): void {
  if (count === 0 || count > MAX_FOUNDERS) throw errors.CardsDoNotFit({ reason: `1 to ${MAX_FOUNDERS} founders` });
}

/** Brings cards together, for a network on the newest ledger version. Throws Refusal cli/BadValue for the name, cli/CardsDoNotFit. */
export function foundingOf(name: string, cards: readonly NodeCard[]): Founding {
  if (!NAME.test(name)) throw errors.BadValue({ option: "--name", value: name, reason: "1 to 40 characters of a-z, 0-9 and -" });
  requireFounders(cards.length);
  const once: readonly (readonly [string, (card: NodeCard) => string])[] = [
    ["organisation", organisationOf],
    ["name", ({ content }) => content.name],
    ["validator key", ({ content }) => content.validatorKey],
    ["node key", ({ content }) => content.nodeKey],
    ["HTTP address", ({ content }) => content.http],
    ["p2p address", ({ content }) => content.p2p],
  ];
  for (const [what, of] of once) {
    if (new Set(cards.map(of)).size < cards.length) throw errors.CardsDoNotFit({ reason: `two cards have the same ${what}` });
  }
  return { name, version: NEWEST_VERSION, cards: cards.toSorted((a, b) => (organisationOf(a) < organisationOf(b) ? -1 : 1)) };
}

/** The genesis document that follows from a founding. The chain's name ends in a hash of the cards: no signature counts in two networks. */
export function genesisOf({ name, version, cards }: Founding): Genesis {
  const hash = nativeCrypto.sha256(concatBytes([encodeUtf8(`${name}\n`)!, ...cards.map(cardBytes)]));
  return genesisOfNodes({
    chainId: `${name}-${bytesToHex(hash).slice(0, 8)}`,
    genesisTime: Math.max(...cards.map(({ content }) => content.createdAt)),
    version,
    nodes: cards.map(({ content }) => content),
  });
}

/** The document that goes to all founders: the cards, and the hash of the genesis document that everybody makes from them. */
export function formatFounding(founding: Founding): string {
  const document = { name: founding.name, cards: founding.cards, genesisHash: hashOf(founding) };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function hashOf(founding: Founding): string {
  return genesisHash(genesisOf(founding), nativeCrypto);
}

/** Reads a founding document and makes everything in it again. Throws Refusal cli/NotFound, cli/BadFounding, cli/BadCard, cli/CardsDoNotFit. */
export async function readFounding(path: string): Promise<Founding> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) throw errors.NotFound({ path });
  return parseFounding(text, path);
}

export function parseFounding(text: string, file: string): Founding {
  const { name, cards, genesisHash: stated } = foundingFields(text, file);
  const founding = foundingOf(
    name,
    cards.map((card, index) => parseCard(JSON.stringify(card), `${file}, card ${index + 1}`)),
  );
  // A network lives through many releases, and its founding may be older than this one.
  const asFounded = ledgerVersions.map(({ number }) => ({ ...founding, version: number })).find((one) => hashOf(one) === stated);
  if (!asFounded) {
    const reason = `under no ledger version up to ${NEWEST_VERSION} do its cards give the genesis document of its hash: it was changed, or made by a newer release`;
    throw errors.BadFounding({ file, reason });
  }
  return asFounded;
}

function foundingFields(text: string, file: string): { name: string; cards: readonly unknown[]; genesisHash: string } {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw errors.BadFounding({ file, reason: (error as Error).message });
  }
  const { name, cards, genesisHash, ...more } = (document ?? {}) as Record<string, unknown>;
  if (typeof name !== "string" || !Array.isArray(cards) || typeof genesisHash !== "string" || Object.keys(more).length > 0)
    throw errors.BadFounding({ file, reason: "it must hold name, cards and genesisHash, and nothing else" });
  return { name, cards, genesisHash };
}
