import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLedger } from "@galen/ledger/app/ledger";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { readConfig as readNodeConfig } from "@galen/node";
import { nativeCrypto } from "@galen/node/crypto/native";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NEWEST_VERSION } from "../start/genesis.ts";
import { openNetwork } from "../start/open-network.ts";
import { tellingOf } from "../terminal/words.ts";
import type { Wallet } from "../wallet/wallet.ts";
import { adoptFounding } from "./adopt.ts";
import { createNetwork } from "./create-network.ts";
import { custodyThreshold } from "./custody-threshold.ts";
import { formatFounding, foundingOf, genesisOf, parseFounding } from "./founding.ts";
import { type InitialisedNode, initNode } from "./init-node.ts";
import { prepareJoiningNode } from "./join-network.ts";
import { CARD_FILE, type NodeCard, organisationOf, parseCard } from "./node-card.ts";
import { readConfig } from "./node-config.ts";

const PASSPHRASE = "between us";
const NAMES = ["First Hospital", "Second Clinic", "Third Insurer"];

let folder: string;
let cards: readonly NodeCard[];
let wallets: readonly Wallet[];
const nodeFolder = (number: number) => join(folder, `node-${number}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-founding-"));
  const nodes = await Promise.all(NAMES.map((name, number) => init(number, name)));
  cards = nodes.map(({ card }) => card);
  wallets = nodes.map(({ wallet }) => wallet);
});
afterAll(() => rm(folder, { recursive: true }));

function init(number: number, organisation: string): Promise<InitialisedNode> {
  const [httpPort, p2pPort, cometbftRpcPort] = [8_080 + number, 26_656 + number, 26_756 + number];
  const listen = { httpHost: "127.0.0.1", httpPort, p2pHost: "127.0.0.1", p2pPort, cometbftRpcPort };
  const addresses = { http: `http://127.0.0.1:${httpPort}`, p2p: `127.0.0.1:${p2pPort}`, listen };
  return initNode({ folder: nodeFolder(number), organisation, passphrase: PASSPHRASE, cometbftBinary: "cometbft", addresses });
}

describe("a founding", () => {
  it("is the same document at every founder, in whatever order the cards came", () => {
    const document = formatFounding(foundingOf("clinics", cards));
    expect(formatFounding(foundingOf("clinics", cards.toReversed()))).toBe(document);
    expect(formatFounding(parseFounding(document, "founding.json"))).toBe(document);
  });

  it("of an earlier release still gives the network that it founded", () => {
    const earlier = { ...foundingOf("clinics", cards), version: 2 };
    const read = parseFounding(formatFounding(earlier), "founding.json");
    expect(read).toEqual(earlier);
    expect(genesisOf(read)).toEqual({ ...genesisOf(foundingOf("clinics", cards)), version: 2 });
  });

  it("of a release that knows more is refused with that in the reason", () => {
    const later = formatFounding({ ...foundingOf("clinics", cards), version: NEWEST_VERSION + 1 });
    expect(() => parseFounding(later, "founding.json")).toThrow(
      expect.objectContaining({ details: { file: "founding.json", reason: expect.stringContaining("newer release") } }),
    );
  });

  it("gives a genesis document on which a ledger opens, with equal power for all", async () => {
    const genesis = genesisOf(foundingOf("clinics", cards));
    expect(genesis.chainId).toMatch(/^clinics-[0-9a-f]{8}$/);
    expect(genesis.validators.map(({ power }) => power)).toEqual([1, 1, 1]);
    const ledger = await openLedger({ kv: createMemoryStore(), crypto: nativeCrypto, versions: ledgerVersions, genesis });
    expect(ledger.chainId).toBe(genesis.chainId);
  });

  it("is another network under another name or with another founder", () => {
    const ids = [foundingOf("clinics", cards), foundingOf("houses", cards), foundingOf("clinics", cards.slice(1))];
    expect(new Set(ids.map((founding) => genesisOf(founding).chainId)).size).toBe(3);
  });

  it.each([
    ["a bad name", "Our Network", () => cards, "cli/BadValue"],
    ["nobody", "clinics", () => [], "cli/CardsDoNotFit"],
    ["one organisation twice", "clinics", () => [cards[0]!, cards[0]!], "cli/CardsDoNotFit"],
  ])("refuses %s", (_, name, given, refusal) => {
    expect(() => foundingOf(name, given())).toThrow(refusal);
  });

  it("makes nothing of more organisations than can found a network", async () => {
    const large = { folder: join(folder, "large"), organisations: 23, isTown: false, passphrase: PASSPHRASE, note: () => undefined };
    await expect(createNetwork(large)).rejects.toThrow("cli/CardsDoNotFit");
    expect(await readdir(folder)).not.toContain("large");
  });

  it("refuses a document whose hash or cards were changed on the way", () => {
    const document = JSON.parse(formatFounding(foundingOf("clinics", cards))) as { name: string; cards: NodeCard[]; genesisHash: string };
    const changed = [
      { ...document, genesisHash: "00".repeat(32) },
      { ...document, cards: document.cards.slice(1) },
      { ...document, name: "houses" },
    ];
    for (const one of changed) expect(() => parseFounding(JSON.stringify(one), "founding.json")).toThrow("cli/BadFounding");
    const foreign = document.cards.map((card) => ({ ...card, content: { ...card.content, p2p: "evil.example:26656" } }));
    expect(() => parseFounding(JSON.stringify({ ...document, cards: foreign }), "founding.json")).toThrow("cli/BadCard");
    for (const text of ["", "null", "[]", '"founding"', '{"name":"clinics"}'])
      expect(() => parseFounding(text, "founding.json")).toThrow("cli/BadFounding");
  });
});

describe("a node card", () => {
  it("comes back from its file", async () => {
    expect(parseCard(await readFile(join(nodeFolder(0), CARD_FILE), "utf8"), CARD_FILE)).toEqual(cards[0]);
  });

  const [other] = ["ab".repeat(32)];
  it.each<[string, (card: NodeCard) => unknown]>([
    ["another validator's key", (card) => ({ ...card, content: { ...card.content, validatorKey: cards[1]!.content.validatorKey } })],
    ["another address", (card) => ({ ...card, content: { ...card.content, http: "https://evil.example" } })],
    ["another node's key", (card) => ({ ...card, content: { ...card.content, nodeKey: other } })],
    ["another organisation's signature", (card) => ({ ...card, organisationSignature: cards[1]!.organisationSignature })],
    ["another validator's signature", (card) => ({ ...card, validatorSignature: cards[1]!.validatorSignature })],
    ["a field too many", (card) => ({ ...card, more: 1 })],
    ["a field too few", ({ content }) => ({ content })],
    ["a list", () => []],
  ])("with %s is refused", (_, change) => {
    expect(() => parseCard(JSON.stringify(change(cards[0]!)), CARD_FILE)).toThrow("cli/BadCard");
  });
});

describe("adopting", () => {
  it("comes before the start, which would found another network in the folder", async () => {
    const config = await readNodeConfig({ environment: {}, overrides: { dataFolder: nodeFolder(1), httpPort: 0, logLevel: "silent" } });
    const walletFolder = join(nodeFolder(1), "wallet");
    const starting = openNetwork({ config, walletFolder, founder: undefined, report: () => {} });
    await expect(starting).rejects.toMatchObject({ kind: { id: "cli/NotAdopted" }, details: { folder: nodeFolder(1) } });
    await expect(readFile(join(nodeFolder(1), "genesis.json"))).rejects.toThrow("ENOENT");
  });

  it.each([
    ["asks", { peers: ["http://127.0.0.1:8081"] }],
    ["dials", { p2pPeers: `${"ab".repeat(20)}@127.0.0.1:26657` }],
  ])("is what a node lacks that %s others and has no network in its folder: it founds none", async (_, others) => {
    const dataFolder = join(folder, "wrong");
    const config = await readNodeConfig({ environment: {}, overrides: { dataFolder, httpPort: 0, logLevel: "silent", ...others } });
    const starting = openNetwork({ config, walletFolder: join(dataFolder, "wallet"), founder: undefined, report: () => {} });
    await expect(starting).rejects.toMatchObject({ kind: { id: "cli/OthersNamed" }, details: { folder: dataFolder } });
    expect(await readdir(folder)).not.toContain("wrong");
  });

  it("writes genesis, peers and trust, and may be done again", async () => {
    const founding = foundingOf("clinics", cards);
    for (let time = 0; time < 2; time++) await adoptFounding(nodeFolder(0), founding, async () => wallets[0]!);
    expect(JSON.parse(await readFile(join(nodeFolder(0), "genesis.json"), "utf8"))).toEqual(genesisOf(founding));
    const config = JSON.parse(await readFile(join(nodeFolder(0), "galen.config.json"), "utf8")) as { peers: string[] };
    expect(config.peers.toSorted()).toEqual(["http://127.0.0.1:8081", "http://127.0.0.1:8082"]);
    const trusted = JSON.parse(await readFile(join(nodeFolder(0), "wallet", "network.json"), "utf8")) as { chainId: string };
    expect(trusted.chainId).toBe(genesisOf(founding).chainId);
    const { names } = tellingOf({ wallet: wallets[0]! }, "en");
    expect(cards.map((card) => names!(organisationOf(card)))).toEqual(NAMES);
    expect(wallets[0]!.entries().filter(({ words }) => words !== undefined)).toHaveLength(1);
  });

  it("refuses a founding without this node, with an earlier card of it, and a second network", async () => {
    await expect(adoptFounding(nodeFolder(1), foundingOf("clinics", [cards[0]!, cards[2]!]), async () => wallets[1]!)).rejects.toThrow(
      "cli/NotOwnFounding",
    );
    await expect(adoptFounding(nodeFolder(0), foundingOf("houses", cards), async () => wallets[0]!)).rejects.toThrow("cli/FolderTaken");
    await expect(adoptFounding(join(folder, "nothing"), foundingOf("clinics", cards), async () => wallets[0]!)).rejects.toThrow(
      "cli/NoNode",
    );
    const foreign = JSON.stringify({ secret: "11".repeat(32) });
    await writeFile(join(nodeFolder(2), "keys", "validator.json"), foreign);
    await expect(adoptFounding(nodeFolder(2), foundingOf("clinics", cards), async () => wallets[2]!)).rejects.toThrow("cli/NotOwnFounding");
  });

  it("makes a node in no folder that holds something", async () => {
    await expect(init(0, "First Hospital")).rejects.toThrow("cli/FolderTaken");
  });
});

describe("joining", () => {
  const listen = { httpHost: "127.0.0.1", httpPort: 8_080, p2pHost: "0.0.0.0", p2pPort: 26_656, cometbftRpcPort: 0 };

  it.each([
    ["in a place of its own", "http://new.example", "new.example:26656", [8_080, 8_081, 8_082]],
    ["in the place of a founder's machine that is lost", "http://127.0.0.1:8081", "127.0.0.1:26657", [8_080, 8_082]],
  ])("%s dials the founders that are elsewhere", async (name, http, p2p, ports) => {
    const own = join(folder, name);
    const founding = foundingOf("clinics", cards);
    const trusted = { height: 5, hash: "AB".repeat(32) };
    await prepareJoiningNode({ folder: own, founding, cometbftBinary: "cometbft", addresses: { http, p2p, listen }, trusted });
    const { peers, p2pPeers, stateSyncServers } = await readConfig(own);
    const expected = ports.map((port) => `http://127.0.0.1:${port}`);
    expect(peers?.toSorted()).toEqual(expected);
    expect(stateSyncServers?.split(",").toSorted()).toEqual(expected);
    expect(p2pPeers?.split(",")).toHaveLength(ports.length);
    expect(p2pPeers).not.toContain(p2p);
  });
});

it("tells organisations apart by their accounts", () => {
  expect(new Set(cards.map(organisationOf)).size).toBe(NAMES.length);
});

it.each([
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 3],
  [7, 5],
  [10, 7],
])("lets of %d custodians %d open", (custodians, threshold) => {
  expect(custodyThreshold(custodians)).toBe(threshold);
});
