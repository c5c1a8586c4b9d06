import type { Genesis } from "@galen/ledger/app/genesis";
import { type Config, type RunningNode, startNode } from "@galen/node";
import { nativeCrypto } from "@galen/node/crypto/native";
import { type Client, createClient, type OwnAccount, trustOfGenesis } from "@galen/sdk";
import { startNodeChild } from "./node-child.ts";

/** One node of a network. Its URL stays the same over restarts. */
export interface NetworkNode {
  readonly url: string;
  readonly config: Config;
  /** Checks every answer against the founding validators. */
  readonly client: Client;
  /** Who founded the network with it. */
  readonly organisation: OwnAccount | undefined;
  /** The node, while it runs in this process. */
  readonly running: RunningNode | undefined;
  /** Starts it on its folder; `environment` is added to that of its CometBFT process. Resolves when it answers. */
  start(environment?: Readonly<Record<string, string>>): Promise<void>;
  /** Stops it cleanly, if it runs. */
  stop(): Promise<void>;
  /** `kill -9`: of a node in a process of its own only. CometBFT notices, and ends by itself. */
  kill(): Promise<void>;
  /** Resolves when the process of a node in its own has ended, however. */
  ended(): Promise<void>;
}

export interface NetworkNodeOptions {
  readonly config: Config;
  readonly genesis: Genesis;
  readonly environment: Readonly<Record<string, string>>;
  readonly inChild: boolean;
  readonly organisation: OwnAccount | undefined;
}

/** What a running node offers, wherever it runs. */
interface Run {
  readonly running: RunningNode | undefined;
  stop(): Promise<void>;
  kill(): Promise<void>;
  ended(): Promise<void>;
}

export function createNetworkNode(options: NetworkNodeOptions): NetworkNode {
  const { config, genesis, inChild, organisation } = options;
  const url = `http://${config.httpHost}:${config.httpPort}`;
  let run: Run | undefined;
  return {
    ...{ url, config, organisation },
    client: createClient({ url, trust: trustOfGenesis(genesis, nativeCrypto), crypto: nativeCrypto }),
    get running() {
      return run?.running;
    },
    async start(environment = {}) {
      const cometbftEnvironment = { ...options.environment, ...environment };
      run = inChild
        ? await startNodeChild({ config, genesis, cometbftEnvironment })
        : await startHere(config, genesis, cometbftEnvironment);
    },
    async stop() {
      await run?.stop();
      run = undefined;
    },
    async kill() {
      await run?.kill();
      run = undefined;
    },
    ended: async () => run?.ended(),
  };
}

async function startHere(config: Config, genesis: Genesis, cometbftEnvironment: Readonly<Record<string, string>>): Promise<Run> {
  const running = await startNode(config, { genesis, cometbftEnvironment });
  const needsOwnProcess = () => Promise.reject(new Error("only a node in a process of its own can be killed: set inChildren"));
  return { running, stop: () => running.stop(), kill: needsOwnProcess, ended: needsOwnProcess };
}
