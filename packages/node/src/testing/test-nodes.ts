import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultParameters } from "@galen/ledger/app/parameters";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { releaseKey } from "@galen/ledger/modules/custody/index";
import { standingOffer } from "@galen/ledger/modules/custody/state";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { defaultSettings } from "@galen/ledger/modules/validators/index";
import { testKey } from "@galen/ledger/testing/chain";
import { type Client, createClient } from "@galen/sdk/client/client";
import { accountKeys } from "@galen/sdk/keys/account-keys";
import { type OwnAccount, ownAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import { readConfig } from "../config.ts";
import { nativeCrypto } from "../crypto/native.ts";
import { openDataFolder } from "../data-folder.ts";
import { type Ed25519Key, ed25519Key } from "../keys/ed25519-key.ts";
import { openSecretFile } from "../keys/secret-file.ts";
import { type RunningNode, startNode } from "../node.ts";
import type { Config } from "../settings.ts";
import { freePorts } from "./free-ports.ts";
import { createSharedChain, type SharedChain } from "./shared-chain.ts";

/** One of several nodes, each with its own folder, keys and HTTP API. */
export interface TestNode {
  readonly url: string;
  readonly client: Client;
  readonly folder: string;
  /** The running node; another one after `start`. */
  readonly running: RunningNode;
  /** Validator key, hex, and the key itself. */
  readonly key: string;
  readonly signer: Ed25519Key;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Several nodes over one chain, all of them validators of equal power, each knowing the others. */
export interface TestNodes {
  readonly nodes: readonly TestNode[];
  readonly chain: SharedChain;
  /** Whose node is whose, in their order: those who decide together. The first one is the hospital. */
  readonly organisations: readonly OwnAccount[];
  readonly hospital: OwnAccount;
  /** Creates a person's account on the ledger. */
  person(name: string): Promise<OwnAccount>;
  /** Lets the custodians of all nodes make the collective key. */
  makeKey(threshold: number): Promise<void>;
  /** Lets them hand it to each other with fresh shares. */
  reshareKey(threshold: number): Promise<void>;
  close(): Promise<void>;
}

export interface TestNodesOptions {
  readonly count: number;
  readonly overrides?: Partial<Config>;
  /** Addresses that every node takes for peers beside the others. */
  readonly alsoPeers?: readonly string[];
}

const CHAIN_ID = "test-nodes";

/** Founds a network of `count` nodes and starts them. */
export async function startTestNodes({ count, overrides = {}, alsoPeers = [] }: TestNodesOptions): Promise<TestNodes> {
  const organisations = await Promise.all(
    Array.from({ length: count }, (_, at) => testAccount(at === 0 ? "hospital" : `house ${at + 1}`, "organisation")),
  );
  const hospital = organisations[0]!;
  const places = await Promise.all((await freePorts(count)).map(openPlace));
  const chain = createSharedChain(places.map(({ signer }) => signer));
  const genesis = {
    chainId: CHAIN_ID,
    genesisTime: Date.now(),
    version: ledgerVersions.at(-1)!.number,
    validators: places.map(({ key }) => ({ publicKey: key, power: 1 })),
    parameters: defaultParameters,
    modules: {
      governance: { members: organisations.map(({ creation }) => creation.value), decision: { numerator: 2, denominator: 3 } },
      validators: {
        nodes: organisations.map(({ account }, at) => ({ organisation: account, publicKey: places[at]!.key })),
        settings: { ...defaultSettings, minValidators: count },
      },
    },
  };
  const nodes = await Promise.all(
    places.map(async (place) => {
      const peers = [...places.filter((other) => other !== place).map(({ url }) => url), ...alsoPeers];
      const own = { dataFolder: place.folder, httpPort: place.port, peers, logLevel: "silent" } as const;
      const config = await readConfig({ environment: {}, overrides: { ...own, ...overrides } });
      const start = () => startNode(config, { genesis, openOrderedLedger: chain.openOrderedLedger });
      return createTestNode(place, await start(), start);
    }),
  );
  const first = () => nodes[0]!.client;
  async function ceremony(kind: "generate" | "reshare", threshold: number): Promise<void> {
    const custodians = () =>
      nodes.map(({ running: { custodian } }) => ({ account: custodian!.account, sealingKey: custodian!.sealingKey }));
    const ledger = () => nodes[0]!.running.ledger.read();
    await until(() => custodians().every(({ account, sealingKey }) => standingOffer(ledger(), account)?.sealingKey === sealingKey));
    const epoch = (releaseKey(ledger())?.epoch ?? 0) + 1;
    const value = { purpose: "release", kind, threshold, custodians: custodians(), windowMs: 10_000 };
    await submit(first(), { actors: organisations, messages: [{ type: "custody.startCeremony", value }] });
    await until(() => nodes.every(({ running }) => running.custodian!.holding?.epoch === epoch));
  }
  return {
    ...{ nodes, chain, organisations, hospital },
    async person(name) {
      const account = await testAccount(name, "person");
      await submit(first(), { actors: [account], messages: [account.creation] });
      return account;
    },
    makeKey: (threshold) => ceremony("generate", threshold),
    reshareKey: (threshold) => ceremony("reshare", threshold),
    async close() {
      await Promise.all(nodes.map((node) => node.stop()));
      await Promise.all(nodes.map(({ folder }) => rm(folder, { recursive: true, force: true })));
    },
  };
}

/** Waits for something that other parts do by themselves. */
export async function until(isSo: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  for (const deadline = performance.now() + timeoutMs; performance.now() < deadline; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`it did not happen within ${timeoutMs} ms`);
}

type Place = Pick<TestNode, "folder" | "signer" | "key" | "url" | "client"> & { readonly port: number };

async function openPlace(port: number): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "galen-nodes-"));
  const signer = ed25519Key(await openSecretFile((await openDataFolder(folder)).validatorKey));
  const url = `http://127.0.0.1:${port}`;
  return { folder, signer, key: bytesToHex(signer.publicKey), port, url, client: createClient({ url, crypto: nativeCrypto }) };
}

function createTestNode(place: Place, first: RunningNode, open: () => Promise<RunningNode>): TestNode {
  let running = first;
  return {
    ...place,
    get running() {
      return running;
    },
    async start() {
      running = await open();
    },
    stop: () => running.stop(),
  };
}

function testAccount(name: string, kind: "person" | "organisation"): Promise<OwnAccount> {
  const { secretKey } = testKey(name);
  return ownAccount(accountKeys(Uint8Array.of(...secretKey, ...secretKey), 0), kind);
}
