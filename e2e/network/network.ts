import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { genesisOfNodes, NEWEST_VERSION } from "@galen/cli/start/genesis";
import type { Genesis } from "@galen/ledger/app/genesis";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { type Config, readConfig } from "@galen/node";
import { freePorts } from "@galen/node/testing/free-ports";
import { accountKeys, type OwnAccount, ownAccount, webRandom } from "@galen/sdk";
import { createNetworkNode, type NetworkNode } from "./network-node.ts";
import { openIdentity } from "./node-identity.ts";

/** A network of several nodes on this machine, each with its own folder, keys, ports and CometBFT process. */
export interface Network {
  readonly nodes: readonly NetworkNode[];
  readonly genesis: Genesis;
  /** Holds everything; node `i` lies in its folder `node-i`. */
  readonly folder: string;
  /** Prepares one more node, which is no validator and is not started; the others need not know it. */
  addNode(settings?: Partial<Config>): Promise<NetworkNode>;
  /** Stops all nodes and removes the folder. */
  stop(): Promise<void>;
}

export interface NetworkOptions {
  /** The cometbft program. */
  readonly program: string;
  /** How many organisations found the network, each with one node and validator. Default 4. */
  readonly organisations?: number;
  /** Runs each node in a process of its own, so that it can be killed. By default all run in this one. */
  readonly inChildren?: boolean;
  /** Settings of every node, beside those of the fixture. */
  readonly settings?: Partial<Config>;
  /** Of every CometBFT process; `CMT_…` overrides its configuration. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Changes the genesis document before the network is founded; what lies in the nodes' data folders then is what they begin with. */
  readonly found?: (genesis: Genesis, founding: Founding) => Genesis | Promise<Genesis>;
}

/** Who founds a network, and where its nodes will find their data. */
export interface Founding {
  readonly accounts: readonly OwnAccount[];
  readonly dataFolders: readonly string[];
}

/** Quick rounds, but not so quick that two cores make more of them than needed. */
const QUICK_ROUNDS = {
  CMT_CONSENSUS_TIMEOUT_PROPOSE: "1s",
  CMT_CONSENSUS_TIMEOUT_PREVOTE: "300ms",
  CMT_CONSENSUS_TIMEOUT_PRECOMMIT: "300ms",
  CMT_CONSENSUS_TIMEOUT_COMMIT: "50ms",
};
const CHAIN_ID = "galen-network-test";
const PORTS_PER_NODE = 2;

/** Founds a network as users do, and starts all of its nodes; resolves when each of them answers, which may be before the first block. */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const { program, organisations = 4, inChildren = false } = options;
  const folder = await mkdtemp(join(tmpdir(), "galen-net-"));
  const accounts = await Promise.all(
    Array.from({ length: organisations }, () => ownAccount(accountKeys(webRandom(64), 0), "organisation")),
  );
  const seats = await Promise.all(accounts.map((_, index) => takeSeat(folder, index)));
  const document = genesisOf(accounts, seats);
  const founding = { accounts, dataFolders: seats.map(({ dataFolder }) => dataFolder) };
  const genesis = (await options.found?.(document, founding)) ?? document;
  const environment = { ...QUICK_ROUNDS, ...options.environment };

  async function createNode(seat: Seat, organisation: OwnAccount | undefined, settings: Partial<Config>): Promise<NetworkNode> {
    const config = await readConfig({
      environment: {},
      overrides: { ...settingsOf(program, seat, seats), ...options.settings, ...settings },
    });
    return createNetworkNode({ config, genesis, environment, inChild: inChildren, organisation });
  }

  const nodes = await Promise.all(seats.map((seat, index) => createNode(seat, accounts[index], {})));
  const all = [...nodes];
  await Promise.all(nodes.map((node) => node.start()));
  return {
    nodes,
    genesis,
    folder,
    async addNode(settings = {}) {
      const node = await createNode(await takeSeat(folder, all.length), undefined, settings);
      all.push(node);
      return node;
    },
    async stop() {
      await Promise.all(all.map((node) => node.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A node's place in the network before it starts. */
interface Seat {
  readonly dataFolder: string;
  /** Hexadecimal. */
  readonly validatorKey: string;
  readonly nodeId: string;
  readonly httpPort: number;
  readonly p2pPort: number;
}

async function takeSeat(folder: string, index: number): Promise<Seat> {
  const dataFolder = join(folder, `node-${index}`);
  await mkdir(dataFolder);
  const { validatorKey, nodeId } = await openIdentity(dataFolder);
  const [httpPort, p2pPort] = await freePorts(PORTS_PER_NODE);
  return { dataFolder, validatorKey: bytesToHex(validatorKey), nodeId, httpPort: httpPort!, p2pPort: p2pPort! };
}

function settingsOf(cometbftBinary: string, seat: Seat, seats: readonly Seat[]): Partial<Config> {
  const { dataFolder, httpPort, p2pPort } = seat;
  const others = seats.filter((other) => other !== seat);
  return {
    ...{ dataFolder, httpPort, p2pPort, cometbftBinary },
    engine: "cometbft",
    p2pHost: "127.0.0.1",
    peers: others.map((other) => `http://127.0.0.1:${other.httpPort}`),
    p2pPeers: others.length === 0 ? "none" : others.map((other) => `${other.nodeId}@127.0.0.1:${other.p2pPort}`).join(","),
    cometbftEmptyBlockIntervalMs: 500,
    custodian: "off",
    logLevel: "silent",
  };
}

function genesisOf(accounts: readonly OwnAccount[], seats: readonly Seat[]): Genesis {
  const nodes = seats.map(({ validatorKey }, index) => ({ organisation: accounts[index]!.creation.value, validatorKey }));
  return genesisOfNodes({ chainId: CHAIN_ID, genesisTime: Date.now(), version: NEWEST_VERSION, nodes });
}
