import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultParameters } from "@galen/ledger/app/parameters";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { testKey } from "@galen/ledger/testing/chain";
import { type Client, createClient } from "@galen/sdk/client/client";
import { genesis } from "@galen/sdk/client/status";
import { accountKeys } from "@galen/sdk/keys/account-keys";
import { trustOfGenesis } from "@galen/sdk/proofs/trust";
import { type OwnAccount, ownAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import { readConfig } from "../config.ts";
import { nativeCrypto } from "../crypto/native.ts";
import { type NodeOptions, type RunningNode, startNode } from "../node.ts";
import type { Config } from "../settings.ts";

/** A real node on a folder of its own, with one founding hospital. */
export interface TestNetwork {
  /** The running node; another one after `restart`. */
  readonly node: RunningNode;
  readonly client: Client;
  /** A client that checks every answer against the founding validators. */
  trusting(): Promise<Client>;
  readonly hospital: OwnAccount;
  readonly folder: string;
  /** Creates a person's account on the ledger. */
  person(name: string): Promise<OwnAccount>;
  /** Lets the node's custodian make the collective key, 1 of 1. */
  makeKey(): Promise<void>;
  restart(): Promise<void>;
  /** Stops the node and removes the folder. */
  close(): Promise<void>;
}

/** Starts the network, under the newest rules or those of another version. Port, logging and folder are chosen here; `overrides` may change the rest. */
export async function startTestNetwork(
  overrides: Partial<Config> = {},
  options: NodeOptions = {},
  version = ledgerVersions.at(-1)!.number,
): Promise<TestNetwork> {
  const folder = await mkdtemp(join(tmpdir(), "galen-node-"));
  const hospital = await testAccount("hospital", "organisation");
  const environment = {};
  const config = await readConfig({ environment, overrides: { dataFolder: folder, httpPort: 0, logLevel: "silent", ...overrides } });
  const start = () => startNode(config, { genesis: (validator) => testGenesis(validator, hospital, version), ...options });
  let node = await start().catch(async (error: unknown) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  let client = createClient({ url: node.url, crypto: nativeCrypto });
  return {
    get node() {
      return node;
    },
    get client() {
      return client;
    },
    async trusting() {
      return createClient({ url: node.url, trust: trustOfGenesis(await genesis(client), nativeCrypto), crypto: nativeCrypto });
    },
    hospital,
    folder,
    async person(name) {
      const account = await testAccount(name, "person");
      await submit(client, { actors: [account], messages: [account.creation] });
      return account;
    },
    async makeKey() {
      await node.custodian!.settled(); // until its sealing key is offered
      const { account, sealingKey } = node.custodian!;
      const value = { purpose: "release", kind: "generate", threshold: 1, custodians: [{ account, sealingKey }], windowMs: 10_000 };
      const finished = Promise.withResolvers<void>();
      const unsubscribe = node.engine.subscribe(({ record }) => {
        const events = record.txResults.flatMap((result) => result.events);
        if (events.some(({ type }) => type === "custody.finished")) finished.resolve();
      });
      await submit(client, { actors: [hospital], messages: [{ type: "custody.startCeremony", value }] });
      await finished.promise;
      unsubscribe();
      await node.custodian!.settled();
    },
    async restart() {
      await node.stop();
      node = await start();
      client = createClient({ url: node.url, crypto: nativeCrypto });
    },
    async close() {
      await node.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function testAccount(name: string, kind: "person" | "organisation"): Promise<OwnAccount> {
  const { secretKey } = testKey(name);
  return ownAccount(accountKeys(Uint8Array.of(...secretKey, ...secretKey), 0), kind);
}

function testGenesis(validator: string, hospital: OwnAccount, version: number) {
  return {
    chainId: "test-network",
    genesisTime: Date.now(),
    version,
    validators: [{ publicKey: validator, power: 1 }],
    parameters: defaultParameters,
    modules: { governance: { members: [hospital.creation.value], decision: { numerator: 2, denominator: 3 } } },
  };
}
